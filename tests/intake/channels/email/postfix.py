"""A real Postfix of the test's own: takes mail on loopback, hands ours over by LMTP, relays."""

import contextlib
import grp
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

POSTFIX = "/usr/sbin/postfix"

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/log/mail.log
maillog_file_prefixes = {folder}
myhostname = mx.rs.example.org
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
virtual_mailbox_domains = rs.example.org
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
lmtp_destination_recipient_limit = 50
relayhost = [127.0.0.1]:{sink}
smtp_dns_support_level = disabled
smtputf8_enable = yes
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
"""

_MASTER = """
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def needed() -> pytest.MarkDecorator:
    """Skip where there is no Postfix, or no right to start one."""
    reason = "needs Postfix and root (tests/prepare installs it)"
    return pytest.mark.skipif(not Path(POSTFIX).exists() or os.geteuid() != 0, reason=reason)


@contextlib.contextmanager
def postfix(folder: Path, *, port: int, lmtp: int, sink: int) -> Iterator[None]:
    """Run Postfix with every path below `folder`, which root owns and all may pass."""
    config = folder / "etc"
    for name in ("etc", "queue", "data", "log"):
        (folder / name).mkdir(parents=True)
    shutil.chown(folder / "data", "postfix")
    (folder / "queue" / "maildrop").mkdir()
    (folder / "queue" / "public").mkdir()
    for name in ("maildrop", "public"):
        os.chown(
            folder / "queue" / name,
            pwd.getpwnam("postfix").pw_uid,
            grp.getgrnam("postdrop").gr_gid,
        )
    values = {"folder": folder, "port": port, "lmtp": lmtp, "sink": sink}
    (config / "main.cf").write_text(_MAIN.format(**values))
    (config / "master.cf").write_text(_MASTER.format(**values).lstrip())
    _command(config, "start")
    try:
        yield
    finally:
        _command(config, "stop")


def _command(config: Path, verb: str) -> None:
    done = subprocess.run(
        [POSTFIX, "-c", str(config), verb], capture_output=True, text=True, timeout=60, check=False
    )
    if verb == "start":
        assert done.returncode == 0, done.stderr + done.stdout


def log_of(folder: Path) -> str:
    """Return what Postfix wrote, for a test that failed."""
    log = folder / "log" / "mail.log"
    time.sleep(0.2)
    return log.read_text() if log.exists() else ""
