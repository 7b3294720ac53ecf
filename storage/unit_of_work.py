"""One open transaction and the repositories on it. Services get one, and neither open nor commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection

from storage.memory import Memory
from storage.repositories.accounts import Accounts
from storage.repositories.audit import Audit
from storage.repositories.backups import Backups
from storage.repositories.bindings import Bindings
from storage.repositories.confirmations import Confirmations
from storage.repositories.consents import Consents
from storage.repositories.conversations import Conversations
from storage.repositories.coupons import Coupons
from storage.repositories.crm import Crm
from storage.repositories.deployment import Deployment
from storage.repositories.dictionary import Dictionary
from storage.repositories.events import Events
from storage.repositories.flags import Flags
from storage.repositories.forgotten import Forgotten
from storage.repositories.groups import Groups
from storage.repositories.hearings import Hearings
from storage.repositories.held import HeldFacts
from storage.repositories.jobs import Jobs
from storage.repositories.judgements import Judgements
from storage.repositories.labels import Labels
from storage.repositories.links import Links
from storage.repositories.members import Members
from storage.repositories.outbox import Outbox
from storage.repositories.passes import Passes
from storage.repositories.readings import Readings
from storage.repositories.relinks import Relinks
from storage.repositories.reviews import Reviews
from storage.repositories.roles import Roles
from storage.repositories.rollups import Rollups
from storage.repositories.rule_sets import RuleSets
from storage.repositories.samples import Samples
from storage.repositories.stages import Stages
from storage.repositories.suggestions import Suggestions
from storage.repositories.sweeps import Sweeps
from storage.repositories.tag_uses import TagUses
from storage.repositories.tags import Tags
from storage.repositories.ties import Ties
from storage.repositories.tracked import TrackedLinks


class UnitOfWork:
    """A transaction; each repository is made when first asked for. `memory`: what is known from transactions before."""

    def __init__(self, connection: Connection, memory: Memory | None = None) -> None:
        self.connection = connection
        (memory or Memory()).serve(connection)

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """What is written within is undone when it ends in an exception."""
        self.connection.exec_driver_sql("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT attempt")
            raise
        finally:
            self.connection.exec_driver_sql("RELEASE SAVEPOINT attempt")

    @cached_property
    def events(self) -> Events:
        return Events(self.connection)

    @cached_property
    def labels(self) -> Labels:
        return Labels(self.connection)

    @cached_property
    def held(self) -> HeldFacts:
        return HeldFacts(self.connection)

    @cached_property
    def rollups(self) -> Rollups:
        return Rollups(self.connection)

    @cached_property
    def members(self) -> Members:
        return Members(self.connection)

    @cached_property
    def groups(self) -> Groups:
        return Groups(self.connection)

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations(self.connection)

    @cached_property
    def tags(self) -> Tags:
        return Tags(self.connection)

    @cached_property
    def samples(self) -> Samples:
        return Samples(self.connection)

    @cached_property
    def ties(self) -> Ties:
        return Ties(self.connection)

    @cached_property
    def backups(self) -> Backups:
        return Backups(self.connection)

    @cached_property
    def bindings(self) -> Bindings:
        return Bindings(self.connection)

    @cached_property
    def links(self) -> Links:
        return Links(self.connection)

    @cached_property
    def relinks(self) -> Relinks:
        return Relinks(self.connection)

    @cached_property
    def stages(self) -> Stages:
        return Stages(self.connection)

    @cached_property
    def flags(self) -> Flags:
        return Flags(self.connection)

    @cached_property
    def sweeps(self) -> Sweeps:
        return Sweeps(self.connection)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.connection)

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs(self.connection)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.connection)

    @cached_property
    def roles(self) -> Roles:
        return Roles(self.connection)

    @cached_property
    def confirmations(self) -> Confirmations:
        return Confirmations(self.connection)

    @cached_property
    def rule_sets(self) -> RuleSets:
        return RuleSets(self.connection)

    @cached_property
    def deployment(self) -> Deployment:
        return Deployment(self.connection)

    @cached_property
    def dictionary(self) -> Dictionary:
        return Dictionary(self.connection)

    @cached_property
    def coupons(self) -> Coupons:
        return Coupons(self.connection)

    @cached_property
    def crm(self) -> Crm:
        return Crm(self.connection)

    @cached_property
    def suggestions(self) -> Suggestions:
        return Suggestions(self.connection)

    @cached_property
    def readings(self) -> Readings:
        return Readings(self.connection)

    @cached_property
    def tag_uses(self) -> TagUses:
        return TagUses(self.connection)

    @cached_property
    def judgements(self) -> Judgements:
        return Judgements(self.connection)

    @cached_property
    def reviews(self) -> Reviews:
        return Reviews(self.connection)

    @cached_property
    def consents(self) -> Consents:
        return Consents(self.connection)

    @cached_property
    def forgotten(self) -> Forgotten:
        return Forgotten(self.connection)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.connection)

    @cached_property
    def passes(self) -> Passes:
        return Passes(self.connection)

    @cached_property
    def hearings(self) -> Hearings:
        return Hearings(self.connection)

    @cached_property
    def tracked(self) -> TrackedLinks:
        return TrackedLinks(self.connection)
