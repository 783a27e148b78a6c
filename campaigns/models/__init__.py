"""What is done: campaigns and their actions, the monthly cycle, projects, meetings and follow-ups."""

from . import keys
from .actions import Action, Assignment
from .calendar import BusinessClock, CalendarDay
from .campaigns import Campaign
from .follow_ups import Extension, FollowUp, FollowUpEvent, FollowUpFile
from .indicators import Indicator, Target, TrajectoryPoint
from .judgements import AcceptedReason, Likelihood
from .meeting_series import MeetingSeries, SeriesItem
from .meetings import AgendaItem, AgendaPaper, Attendance, Meeting, MeetingKind, Requirement
from .minutes import Minutes, MinutesItem
from .packs import Pack, PackFile, PackTemplate, PackWords
from .periods import Period
from .projects import Milestone, Project, ProjectPhoto, ProjectPlan, ProjectUpdate
from .reports import Attachment, Measurement, MeasurementVersion, Report, ReportEvent
from .warnings import EarlyWarning, WarningEvent

__all__ = [
    "AcceptedReason",
    "Action",
    "AgendaItem",
    "AgendaPaper",
    "Assignment",
    "Attachment",
    "Attendance",
    "BusinessClock",
    "CalendarDay",
    "Campaign",
    "EarlyWarning",
    "Extension",
    "FollowUp",
    "FollowUpEvent",
    "FollowUpFile",
    "Indicator",
    "Likelihood",
    "Measurement",
    "MeasurementVersion",
    "Meeting",
    "MeetingKind",
    "MeetingSeries",
    "Milestone",
    "Minutes",
    "MinutesItem",
    "Pack",
    "PackFile",
    "PackTemplate",
    "PackWords",
    "Period",
    "Project",
    "ProjectPhoto",
    "ProjectPlan",
    "ProjectUpdate",
    "Report",
    "ReportEvent",
    "Requirement",
    "SeriesItem",
    "Target",
    "TrajectoryPoint",
    "WarningEvent",
    "keys",
]
