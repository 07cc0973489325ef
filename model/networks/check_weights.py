"""The child process that looks whether a network can be had with a file of weights: ``NAME [FILE]``.

It alone imports torch. It prints JSON: the network's name, for "auto" that of the one that the file is for, its terms,
and whether they allow commercial use. What does not fit ends it with a sentence on standard error and exit code 1.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from model.errors import UserError


def describe(name: str, file: Path | None) -> dict[str, object]:
    """Return what is printed; raises ``UserError``."""
    from model.networks.weights import encoder_of, fitting_encoder

    fitting = name if file is None else fitting_encoder(name, file)
    encoder = encoder_of(fitting)
    return {"name": encoder.name, "terms": encoder.terms, "commercial": encoder.commercial}


def main() -> int:
    """Check what the arguments name."""
    name, *files = sys.argv[1:]
    try:
        print(json.dumps(describe(name, Path(files[0]) if files else None)))
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
