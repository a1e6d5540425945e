"""What schemathesis can't know by itself: how bytes are sent, and that what is no JSON is read as text."""

import schemathesis


@schemathesis.serializer("application/offset+octet-stream")
def sent(_context, value):
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.deserializer("application/octet-stream", "application/zip", "application/jsonl")
def text_of(_context, response):
    return response.content.decode("latin-1")
