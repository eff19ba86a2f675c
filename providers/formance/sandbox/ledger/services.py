"""All groups of the ledger's endpoints over one server's books."""

from providers.formance.sandbox.ledger.bulks import Bulks
from providers.formance.sandbox.ledger.commits import Commits
from providers.formance.sandbox.ledger.infos import Infos
from providers.formance.sandbox.ledger.moving import Moving
from providers.formance.sandbox.ledger.old_reads import OldReads
from providers.formance.sandbox.ledger.old_writes import OldWrites
from providers.formance.sandbox.ledger.reads import Reads
from providers.formance.sandbox.ledger.records import Version
from providers.formance.sandbox.ledger.sums import Sums
from providers.formance.sandbox.ledger.writes import Writes
from providers.formance.sandbox.services import Service
from providers.formance.sandbox.stack import Stack


def ledger_services(stack: Stack, version: Version) -> list[Service]:
    """Both APIs, the second one first, since its paths look like a ledger's named v2; 1.x knows the first one only."""
    commits = Commits(stack.books, stack.moments, stack.announce, version)
    old: list[Service] = [OldReads(commits), OldWrites(commits)]
    if version == "v1":
        return [Infos(commits), *old]
    return [Infos(commits), Reads(commits), Sums(commits), Writes(commits), Bulks(commits), Moving(commits), *old]
