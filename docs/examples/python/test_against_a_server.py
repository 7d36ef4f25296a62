"""A client of Tempo, tested with unittest against the server at TEMPO_MOCK_URL; each test makes a site of its own there."""

import os
import unittest

import requests
from careful_client import IncompleteError, Tempo, TempoError

SERVER = os.environ["TEMPO_MOCK_URL"]
BOB = "5b10a2844c20165700ede223"
# The day for which the scenario has everybody's worklogs, 334 of them.
CLOCK = "2013-11-15"
DAYS = ("2013-08-18", "2013-11-30")
HOURS = [
    {"authorAccountId": BOB, "issueId": 10202, "startDate": "2013-11-13", "timeSpentSeconds": 2700},
    {"authorAccountId": BOB, "issueId": 10202, "startDate": "2013-11-14", "timeSpentSeconds": 2700},
]


def control(method, address, body=None):
    """What the server has beside Tempo: sites, faults, the journal."""
    answer = requests.request(method, address, json=body, timeout=60)
    if not answer.ok:
        raise AssertionError(f"{method} {address}: {answer.status_code} {answer.text}")
    return answer.json() if answer.content else None


class TestCarefulClient(unittest.TestCase):
    def setUp(self):
        site = control("POST", f"{SERVER}/_mock/sites", {"scenario": "guide", "clock": CLOCK})
        self.url, self.control = site["url"], site["controlUrl"]
        self.addCleanup(control, "DELETE", f"{SERVER}/_mock/sites/{site['name']}")
        self.waited = []

    def connect(self, who, **options):
        """A client with somebody's token; it notes the seconds that it should wait, and does not wait."""
        options = {"between": 0, "limit": 100, "pause": self.waited.append, **options}
        client = Tempo(f"{self.url}/4", f"demo-token-of-{who}-not-a-secret", **options)
        self.addCleanup(client.session.close)
        return client

    def arm(self, **rule):
        """Break requests from now on; answers where the fault is asked about."""
        return f"{self.control}/faults/{control('POST', f'{self.control}/faults', rule)['id']}"

    def claim(self, *checks):
        """What the journal must confirm."""
        told = control("POST", f"{self.control}/journal/check", checks)
        self.assertTrue(told["ok"], [check["sentence"] for check in told["checks"]])

    def test_read_everybodys_worklogs(self):
        with requests.Session() as session:
            session.headers["Authorization"] = "Bearer demo-token-of-viewer-not-a-secret"
            rows, page = [], f"{self.url}/4/worklogs?limit=100"
            while page:
                answer = session.get(page).json()
                rows += answer["results"]
                page = answer["metadata"].get("next")
        self.assertEqual(len(rows), 334)
        self.assertGreater(len({row["author"]["accountId"] for row in rows}), 5)

    def test_write_a_worklog_and_read_it_back(self):
        client = self.connect("bob")
        made = client.call("POST", "/worklogs", HOURS[0])
        self.assertEqual(client.call("GET", f"/worklogs/{made['tempoWorklogId']}"), made)
        self.assertEqual(made["startDate"], "2013-11-13")

    def test_get_all_in_spite_of_faults(self):
        for fault, waits in (
            ({"status": 429, "retryAfter": 7}, [7, 7]),
            ({"status": 503}, [5, 10]),
            ({"cut": "before"}, [5, 10]),
            ({"cut": "middle"}, [5, 10]),
        ):
            with self.subTest(**fault):
                self.waited.clear()
                armed = self.arm(path="/4/worklogs", after=1, count=2, **fault)
                self.assertEqual(len(self.connect("viewer").worklogs(*DAYS)), 334)
                self.assertEqual((control("GET", armed)["fired"], self.waited), (2, waits))
                control("DELETE", armed)

    def test_a_token_that_expires_deletes_nothing(self):
        client = self.connect("viewer")
        copy = client.worklogs(*DAYS)
        self.arm(trap="token-expires", after=2)
        with self.assertRaisesRegex(TempoError, "expired") as told:
            client.refresh(copy, *DAYS)
        self.assertEqual((told.exception.status, self.waited, len(copy)), (401, [], 334))

    def test_hidden_authors_are_noticed(self):
        client = self.connect("viewer")
        copy = client.worklogs(*DAYS)
        self.arm(trap="hidden-authors")
        self.assertEqual(client.worklogs(*DAYS), {})
        with self.assertRaisesRegex(IncompleteError, BOB):
            client.refresh(copy, *DAYS)
        self.assertEqual(len(copy), 334)

    def test_shifting_pages_are_noticed(self):
        client = self.connect("viewer", limit=5)
        copy = client.worklogs(*DAYS)
        self.arm(trap="shifting-pages")
        self.assertLess(len(client.worklogs(*DAYS)), 334)
        deleted, overlooked = client.refresh(copy, *DAYS)
        self.assertEqual(deleted, set())
        self.assertTrue(overlooked)
        self.assertEqual(len(copy), 334)

    def test_what_is_gone_is_deleted(self):
        client = self.connect("bob")
        [made, _] = client.book(HOURS)
        copy = client.worklogs(*DAYS)
        client.call("DELETE", f"/worklogs/{made['tempoWorklogId']}")
        self.assertEqual(client.refresh(copy, *DAYS), ({made["tempoWorklogId"]}, set()))
        self.assertNotIn(made["tempoWorklogId"], copy)

    def test_the_journal_is_asked_afterwards(self):
        viewer, member = self.connect("viewer", limit=50, between=0.25), self.connect("bob")
        viewer.worklogs(*DAYS)
        self.assertEqual(member.book(HOURS, preview=True), HOURS)

        self.claim(
            {"called": {"method": "GET", "path": "/4/worklogs", "who": "technical-user", "status": 200}, "atLeast": 7},
            {"followedNext": {"path": "/4/worklogs"}},
            {"rate": {"who": "technical-user", "perSecond": 5}},
            {"called": {"method": "GET", "path": "/4/worklogs/user", "who": "bob"}},
            *({"notCalled": {"method": method}} for method in ("POST", "PUT", "DELETE")),
        )

        self.assertEqual(len(member.book(HOURS)), 2)
        self.assertEqual(member.book(HOURS), [])
        self.claim({"called": {"method": "POST", "path": "/4/worklogs"}, "times": 2})


if __name__ == "__main__":
    unittest.main()
