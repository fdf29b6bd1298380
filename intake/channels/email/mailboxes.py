"""Which addresses are ours, and which unit a mail to them is for."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.hospital.directory import Directory, UnitEntry
from core.hospital.report_mailboxes import ALWAYS
from intake.channels.email.settings import MailSettings, ReceivingSettings


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """Our addresses, by what the hospital's directory says at the moment."""

    sending: MailSettings
    receiving: ReceivingSettings

    def knows(self, address: str, directory: Directory) -> bool:
        """Say whether an address (lower case) is a mailbox here."""
        if address in self._named(directory) or self._aliased(address, directory):
            return True
        local, _, domain = address.rpartition("@")
        plain = local.partition("+")[0]
        if f"{plain}@{domain}" in self._named(directory):
            return True
        if domain not in self._domains(directory):
            return False
        return plain in ALWAYS or directory.unit_by_alias(plain) is not None

    def units(self, recipients: Iterable[str], directory: Directory) -> dict[str, UnitEntry]:
        """Return the recipients that are a unit's, in their order, each unit once."""
        found: dict[str, UnitEntry] = {}
        for address in recipients:
            unit = directory.unit_by_alias(address) if self.knows(address, directory) else None
            if unit is not None and unit not in found.values():
                found[address] = unit
        return found

    def is_own_domain(self, domain: str, directory: Directory) -> bool:
        """Say whether mailboxes of ours are in a domain (lower case)."""
        return domain in self._domains(directory)

    def _named(self, directory: Directory) -> frozenset[str]:
        named = (self.sending.from_address, directory.hospital.email, *self.receiving.mailboxes)
        return frozenset(address.lower() for address in named if address)

    def _domains(self, directory: Directory) -> frozenset[str]:
        named = (address.rpartition("@")[2] for address in self._named(directory))
        further = (domain.lower() for domain in self.receiving.domains)
        return frozenset({self.sending.own_domain, *named, *further})

    def _aliased(self, address: str, directory: Directory) -> bool:
        """Say whether a unit names this whole address as its own, in whatever domain."""
        return any(address in unit.aliases for unit in directory.units.values() if unit.is_active)
