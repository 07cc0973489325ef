"""What pip reports, in plain sentences."""

from __future__ import annotations

import pytest

from bootstrapping.problems import pip_problem


@pytest.mark.parametrize(
    ("output", "part"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "disk is full",
        ),
        (
            "WARNING: Retrying ... NewConnectionError('Failed to establish a new connection: [Errno -3]')\n"
            "ERROR: Could not find a version that satisfies the requirement numpy",
            "Check the network",
        ),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "secure connection"),
        (
            "ERROR: No matching distribution found for PySide6-Essentials>=6.12",
            "does not exist for this system",
        ),
        ("ERROR: [Errno 13] Permission denied: '/x'", "may not write"),
        ("ERROR: ResolutionImpossible: for help", "contradict"),
        ("something else", "exit code 3"),
    ],
)
def test_pips_errors_get_a_plain_sentence(output: str, part: str) -> None:
    assert part in pip_problem(output, 3)
