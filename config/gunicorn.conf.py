"""How gunicorn serves the API: a few processes of a few threads each."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True  # one import for all processes, whose memory they share
timeout = 30
graceful_timeout = 30
keepalive = 15  # longer than the proxy's idle connections live
control_socket_disable = True  # it would write into a home folder
max_requests = 20_000  # a leak, if there is one, ends with its process
max_requests_jitter = 2_000
forwarded_allow_ips = ""  # whose headers count, SMARTCITY_TRUSTED_PROXIES tells
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 16_384

# The workers' counters meet in files of this folder; it is emptied at each start.
_metrics = os.environ.setdefault(
    "PROMETHEUS_MULTIPROC_DIR",
    str(Path(tempfile.gettempdir()) / f"smartcity-metrics-{os.getpid()}"),
)


def on_starting(_server):
    shutil.rmtree(_metrics, ignore_errors=True)
    Path(_metrics).mkdir(parents=True)


def when_ready(_server):
    # What is loaded now stays: no worker needs to look through it again and again.
    gc.collect()
    gc.freeze()


def child_exit(_server, worker):
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(_server):
    shutil.rmtree(_metrics, ignore_errors=True)
