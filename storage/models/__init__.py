"""The schema's single source: one file per subject; migrations are checked against these classes."""

from __future__ import annotations

from storage.models.accounts import AccountRecord, FriendshipRecord, HearingRecord, SeatRecord
from storage.models.administration import (
    ActivationRecord,
    AuditRecord,
    ConfirmationRecord,
    DeploymentRecord,
    RoleRecord,
    RuleSetRecord,
)
from storage.models.bindings import BindingRecord
from storage.models.care import JudgementRecord, TagUseRecord
from storage.models.coupons import CouponRecord
from storage.models.crm import CrmNoticeRecord, CrmSubjectRecord
from storage.models.language import DictionaryRecord, ReadingRecord, SuggestionRecord
from storage.models.links import ContactRecord, LinkRecord, NicknameRecord, ProposalRecord, RosterChangeRecord
from storage.models.log import EventRecord, HeldFactRecord
from storage.models.outbox import JobRunRecord, OutboxRecord
from storage.models.passes import PassRecord
from storage.models.people import ConversationRecord, GroupRecord, MemberRecord, MembershipRecord
from storage.models.privacy import ConsentRecord, ForgottenRecord
from storage.models.reviews import DecisionRecord, LessonRecord, VoteRecord
from storage.models.schema import Stored
from storage.models.social import AwaitedReplyRecord, BackupRecord, TieRecord
from storage.models.tags import (
    FlagRecord,
    RollupRecord,
    SampleRecord,
    StageChangeRecord,
    SweepRecord,
    TagChangeRecord,
    TagRecord,
)
from storage.models.tracked import PersonalLinkRecord, TrackedLinkRecord

__all__ = [
    "METADATA",
    "AccountRecord",
    "ActivationRecord",
    "AuditRecord",
    "AwaitedReplyRecord",
    "BackupRecord",
    "BindingRecord",
    "ConfirmationRecord",
    "ConsentRecord",
    "ContactRecord",
    "ConversationRecord",
    "CouponRecord",
    "CrmNoticeRecord",
    "CrmSubjectRecord",
    "DecisionRecord",
    "DeploymentRecord",
    "DictionaryRecord",
    "EventRecord",
    "FlagRecord",
    "ForgottenRecord",
    "FriendshipRecord",
    "GroupRecord",
    "HearingRecord",
    "HeldFactRecord",
    "JobRunRecord",
    "JudgementRecord",
    "LessonRecord",
    "LinkRecord",
    "MemberRecord",
    "MembershipRecord",
    "NicknameRecord",
    "OutboxRecord",
    "PassRecord",
    "PersonalLinkRecord",
    "ProposalRecord",
    "ReadingRecord",
    "RoleRecord",
    "RollupRecord",
    "RosterChangeRecord",
    "RuleSetRecord",
    "SampleRecord",
    "SeatRecord",
    "StageChangeRecord",
    "SuggestionRecord",
    "SweepRecord",
    "TagChangeRecord",
    "TagRecord",
    "TagUseRecord",
    "TieRecord",
    "TrackedLinkRecord",
    "VoteRecord",
]

METADATA = Stored.metadata
"""Every table of the program."""
