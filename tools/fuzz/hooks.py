"""What schemathesis can't know by itself: how bytes are sent, and what a ZIP and a log in lines must be to be read."""

import io
import json
import zipfile

import schemathesis


@schemathesis.serializer("application/offset+octet-stream")
def sent(_context, value):
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.deserializer("application/octet-stream")
def bytes_of(_context, response):
    return response.content.decode("latin-1")


@schemathesis.deserializer("application/jsonl")
def lines_of(_context, response):
    for line in response.content.splitlines():
        json.loads(line)
    return response.content.decode()


@schemathesis.deserializer("application/zip")
def zip_of(_context, response):
    damaged = zipfile.ZipFile(io.BytesIO(response.content)).testzip()
    if damaged is not None:
        raise ValueError(f"{damaged} is damaged")
    return response.content.decode("latin-1")
