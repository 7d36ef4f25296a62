"""Planning Time: how time is planned, for Tempo Administrators (help page on plan approval).

Published are the three switches, and that plans outlive their issue unless somebody wants otherwise. Whether the other two
begin on or off is a guess. What else this fake assumes about plans is no setting of Tempo and not on the page.
"""

from flask import Response

from mock_server.domain import planning_settings
from mock_server.domain.planning_settings import SETTING_OF
from mock_server.kept_settings import keep_settings
from mock_server.pages.page import Page, for_tempo_administrators
from mock_server.pages.visit import Visit

PATH = "/planning-time"


def show_planning_time(visit: Visit) -> Response:
    """The switches as they stand"""
    return visit.show("planning_time.html", on=planning_settings.current(visit.site.settings))


def change_planning_time(visit: Visit) -> Response:
    """Set all of them; what is not ticked is off"""
    wanted = {field: field in visit.form for field in SETTING_OF}
    if planning_settings.change(visit.store, visit.site.settings, wanted):
        keep_settings(visit.site)
        visit.signed_in.tell("The settings for planning time are saved.")
    else:
        visit.signed_in.tell("Nothing was changed.")
    return visit.go(PATH)


PAGES = (
    Page("GET", PATH, show_planning_time, right=for_tempo_administrators),
    Page("POST", PATH, change_planning_time, writes=True, right=for_tempo_administrators),
)
