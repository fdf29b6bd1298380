"""Administration: units, categories, people, codes, and what else the house is made of."""

from intake.console.admin.categories import CategoryPages
from intake.console.admin.codes import CodePages
from intake.console.admin.limits import LimitsPage
from intake.console.admin.notices import Notices
from intake.console.admin.overview import OverviewPage
from intake.console.admin.people import People
from intake.console.admin.routing import Routing
from intake.console.admin.settings import SettingsPage
from intake.console.admin.unit_types import UnitTypes
from intake.console.admin.units import UnitPages

PARTS = (
    OverviewPage,
    UnitPages,
    UnitTypes,
    CategoryPages,
    Routing,
    Notices,
    People,
    CodePages,
    LimitsPage,
    SettingsPage,
)

__all__ = ["PARTS"]
