"""What gunicorn serves: `gunicorn --config config/gunicorn.conf.py wsgi:app`."""

from smartcity.app import create_app
from smartcity.settings import Settings

app = create_app(Settings.from_env())
