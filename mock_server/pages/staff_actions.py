"""What Manage Staff does with the people that are selected: connecting them, and mapping them to GitHub by a file."""

from flask import Response

from mock_server import provider_journal
from mock_server.domain import apps, connect_jobs, github_map, github_mapping, staff
from mock_server.domain.connections import OutcomeKind
from mock_server.domain.providers.discovery import named
from mock_server.errors import Invalid
from mock_server.pages.page import Page, for_tempo_administrators
from mock_server.pages.staff import PATH, kept, list_address, staff_page
from mock_server.pages.visit import Visit
from mock_server.row_ids import row_id

_ACTIONS, _UPLOAD = "actions", "map"
# More than what is read of a map file, so that somebody with a larger one is told what is the matter.
_MOST_BYTES = 32 * 1024 * 1024


def act_on_staff(visit: Visit) -> Response:
    """Begin to connect the selected people, or hand out the map file for them"""
    action, _, provider = visit.form.get("action", "").partition(" ")
    try:
        selected = _selected(visit)
        if action == "map":
            return _map_file(github_map.write(github_mapping.lines(visit.store, selected)))
        if action != "connect":
            raise Invalid("Open the menu Actions and choose what to do with the selected people.")
        if provider not in {app.key for app in apps.installed(visit.store)}:
            raise Invalid("This app is not installed for the organisation any more. Choose another one, or install it in Apps.")
        job = connect_jobs.start(visit.store, provider, selected, visit.actor, visit.now)
    except Invalid as error:
        return staff_page(visit, [*error.messages, *error.fields.values()], _ACTIONS)
    visit.site.jobs.wake(visit.site)
    return visit.go(f"{PATH}/jobs/{job.id}")


def show_connect_job(visit: Visit, job_id: int) -> Response:
    """How far connecting people is, and how it ended"""
    progress = connect_jobs.progress(visit.store, job_id)
    service = named(progress.job.provider)
    is_nobody = progress.is_ended and progress.failed > 0 and not progress.connected and not progress.already
    permissions = [one for one in service.prerequisites if one.is_permission]
    return visit.show(
        "connect_job.html", progress=progress, provider=service, is_nobody=is_nobody, permissions=permissions,
    )  # fmt: skip


def upload_github_map(visit: Visit) -> Response:
    """Connect people with the GitHub accounts that a map file names"""
    sent = visit.request.files.get("map")
    if sent is None or not sent.filename:
        return staff_page(visit, ["Choose the map file that you have filled in."], _UPLOAD)
    # All that came: whoever sends a file that is too large is told how large it is.
    data = sent.stream.read()
    try:
        mapped = github_mapping.apply(visit.store, data, visit.actor, visit.now)
    except Invalid as error:
        return staff_page(visit, error.messages, _UPLOAD)
    calls = [outcome.call for outcome in mapped.outcomes if outcome.call]
    provider_journal.write(visit.site.journal, visit.now, visit.person.name, calls)
    visit.signed_in.tell(_told(mapped))
    return visit.go(list_address(kept(visit)))


def _told(mapped: github_mapping.Mapped) -> str:
    connected, already, failed = (mapped.count(kind) for kind in OutcomeKind)
    parts = [f"{_people(connected)} connected with GitHub by the map file"]
    if already:
        parts.append(f"{_people(already)} connected already")
    if failed:
        parts.append(f"{_people(failed)} failed; filter by Failed App Integration and read the warnings")
    return "; ".join(parts) + "."


def _people(number: int) -> str:
    return f"{number:,} {'person' if number == 1 else 'people'}"


def _selected(visit: Visit) -> list[int]:
    """All that the filters find, on all pages, or the people ticked. Raises ``Invalid`` for nobody."""
    if visit.form.get("all") == "1":
        selected = staff.ids(visit.store, staff.condition_of(visit.request.args), visit.today)
    else:
        ticked = [row_id(text) for text in visit.request.form.getlist("people")]
        selected = [person_id for person_id in ticked if person_id is not None]
        if len(selected) < len(ticked):
            raise Invalid("Somebody of the selected people is not there. Load the page anew and select again.")
    if not selected:
        raise Invalid("Select people first: tick their boxes, or the box above the list for all that are shown.")
    return selected


def _map_file(data: bytes) -> Response:
    headers = {"Content-Disposition": 'attachment; filename="github-map.csv"'}
    return Response(data, headers=headers, content_type="text/csv; charset=utf-8")


PAGES = (
    Page("POST", f"{PATH}/actions", act_on_staff, writes=True, right=for_tempo_administrators),
    Page("GET", f"{PATH}/jobs/<id:job_id>", show_connect_job, right=for_tempo_administrators),
    Page("POST", f"{PATH}/github-map", upload_github_map, writes=True, right=for_tempo_administrators, most_bytes=_MOST_BYTES),
)
