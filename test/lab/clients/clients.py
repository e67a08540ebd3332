"""Asks a host as applications do. Each line of input names a link; each line of output has what the clients printed."""

import http.client
import json
import ssl
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import grpc

# The first call of every SDK of Milvus.
METHOD = "/milvus.proto.milvus.MilvusService/Connect"


def ask_with_python(link):
    context = ssl.create_default_context(cafile=link["ca"])
    connection = http.client.HTTPSConnection(link["host"], link["port"], timeout=link["seconds"], context=context)
    try:
        connection.request("GET", "/")
        return f"HTTP {connection.getresponse().status}"
    except (OSError, http.client.HTTPException) as error:
        return f"{type(error).__name__}: {error}"
    finally:
        connection.close()


def ask_with_curl(link):
    # It has one limit for resolving and connecting, and tries the addresses one after the other.
    seconds = str(2 * link["seconds"])
    words = ["--silent", "--show-error", "--output", "/dev/null", "--write-out", "HTTP %{http_code}"]
    limits = ["--connect-timeout", seconds, "--max-time", seconds]
    url = f"https://{link['host']}:{link['port']}/"
    done = subprocess.run(["curl", *words, *limits, "--cacert", link["ca"], url], capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else done.stderr.splitlines()[0]


def ask_with_grpc(link):
    with open(link["ca"], "rb") as file:
        credentials = grpc.ssl_channel_credentials(file.read())
    # Without it, channels share connections, and one that failed makes the next one wait.
    options = [("grpc.use_local_subchannel_pool", 1)]
    with grpc.secure_channel(f"{link['host']}:{link['port']}", credentials, options) as channel:
        connect = channel.unary_unary(METHOD, lambda message: message, lambda message: message)
        try:
            connect(b"", timeout=2 * link["seconds"])
            return "OK"
        except grpc.RpcError as error:
            return f"{error.code().name}: {error.details()}"


def resolve_with_musl(link):
    return subprocess.run([link["musl"], link["host"]], capture_output=True, text=True).stdout.strip()


CLIENTS = {"python": ask_with_python, "curl": ask_with_curl, "grpc": ask_with_grpc, "musl": resolve_with_musl}


def run(client, link):
    start = time.monotonic()
    printed = client(link)
    return {"printed": printed, "seconds": time.monotonic() - start}


with ThreadPoolExecutor(len(CLIENTS)) as threads:
    for line in sys.stdin:
        link = json.loads(line)
        running = {name: threads.submit(run, client, link) for name, client in CLIENTS.items()}
        print(json.dumps({name: each.result() for name, each in running.items()}), flush=True)
