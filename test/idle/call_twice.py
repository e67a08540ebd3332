"""Calls a server, says nothing for a while, and calls it again. Prints what the second call came to."""

import json
import sys
import time

import grpc

METHOD = "/milvus.proto.milvus.MilvusService/Connect"

given = json.loads(sys.argv[1])
credentials = grpc.ssl_channel_credentials(given["ca"].encode())
options = [("grpc.ssl_target_name_override", given["host"]), *given["options"].items()]
with grpc.secure_channel(f"{given['address']}:{given['port']}", credentials, options) as channel:
    connect = channel.unary_unary(METHOD, lambda message: message, lambda message: message)
    connect(b"", timeout=5)
    time.sleep(given["seconds"])
    try:
        connect(b"", timeout=2)
        print("OK")
    except grpc.RpcError as error:
        print(f"{error.code().name}: {error.details()}")
