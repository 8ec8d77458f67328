"""Public answers: rendered once a change, and given out as the same bytes to everybody."""

from flask import Response, current_app, request

from smartcity.core.web import tagged

# What a cache and then a phone may hold on to; together below ten seconds (decision 0023).
FRESH = "public, max-age=2, stale-while-revalidate=1, stale-if-error=86400"
# The refusal of what was taken back takes the place of its answer in caches: without that, the
# answer would come back when the application is away. Its words are in the reader's language.
TAKEN_BACK = {"Cache-Control": FRESH, "Vary": "Accept-Language"}
# In the WSGI environment of a request whose answer may be kept: whether the view allows it.
KEEPABLE = "smartcity.keepable"


def shared(content: bytes, mimetype: str = "application/json", cache: str = FRESH) -> Response:
    """A public answer: strong ETag, 304 to who holds it, kept until the next public change.

    It must depend on nothing but the path, the query and what is public.
    """
    response: Response = current_app.response_class(content, mimetype=mimetype)
    response.add_etag()
    if KEEPABLE in request.environ:
        request.environ[KEEPABLE] = True
        response.headers["Cache-Control"] = cache
        return response  # whole, even to who holds it: `bytecache` tells him so
    return tagged(response, response.headers["ETag"], cache)


def unkept(content: bytes) -> Response:
    """The same of what is already behind a public change: nobody keeps it in front of Flask."""
    response: Response = current_app.response_class(content, mimetype="application/json")
    response.add_etag()
    return tagged(response, response.headers["ETag"], FRESH)
