"""Has the AWS CLI read each command of a list, and prints what is wrong with each: nothing, if it gets as far as to connect."""

import contextlib
import io
import json
import sys

from awscli.clidriver import create_clidriver


def problem(words):
    told = io.StringIO()
    with contextlib.redirect_stderr(told), contextlib.redirect_stdout(io.StringIO()):
        try:
            # One driver for each: commands leave something in it. Nothing listens at the address.
            create_clidriver().main([*words, "--endpoint-url", "http://127.0.0.1:9"])
        except SystemExit:
            pass
    text = told.getvalue()
    return "" if "Could not connect to the endpoint URL" in text else text.strip().rpartition("\n\n")[2]


json.dump([problem(words) for words in json.load(sys.stdin)], sys.stdout)
