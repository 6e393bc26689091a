"""Processes are killed while people work: what they were told is saved is there, and nothing is half done."""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from http.client import HTTPException

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from surveys.actions.queueing import enqueue
from surveys.models import Assessment, Event, Message, Submission
from tests.factories import make_person
from tests.load.deployment import Deployment, deployment
from tests.load.gunicorn import Answered, Visitor
from tests.mail_server import MailServer
from tests.worker import jobs, let_pauses_pass, work
from tests.world import World, build_world

SEED = 1948
TIMES = 2
SHORTEST_PAUSE, LONGEST_PAUSE = 0.3, 1.2
"""Between two kills, in seconds."""

LONGEST_OUTAGE = 60
MESSAGES_AT_ONCE = 4
"""How many the mail worker sends at the same time."""

Status = Assessment.Status
Saved = tuple[str, int, int, str]
"""A question's code, and the version, level and comment of an answer to it."""


@pytest.fixture
def country(transactional_db: None) -> World:
    """The country, in committed rows."""
    return build_world()


@pytest.fixture
def chance() -> random.Random:
    """The same kills in the same order every time; what they meet differs."""
    return random.Random(SEED)  # noqa: S311 - what is killed when is no secret


@pytest.fixture
def running(country: World, mail_server: MailServer, chance: random.Random) -> Iterator[Deployment]:
    """The site with two workers, the mail worker, and a PostgreSQL of their own."""
    mail_server.seconds = 0.1
    with deployment(chance) as started:
        yield started


@dataclass
class Colleague:
    """Somebody who works on one assessment, and tries again until they are answered.

    `saved` is what they were told is saved, `signed` the numbers of the copies they were told they signed.
    """

    visitor: Visitor
    assessment_id: int
    saved: list[Saved] = field(default_factory=list)
    signed: list[int] = field(default_factory=list)
    unanswered: int = 0

    def save_until(self, stop: threading.Event, dimension_code: str, code: str) -> None:
        """Save one answer after the other to the same question."""
        while not stop.is_set():
            self.save(dimension_code, code)

    def save(self, dimension_code: str, code: str) -> None:
        """Save the next answer to a question that nobody else answers."""
        number = len(self.saved) + 1
        level, comment = number % 5 + 1, f"Answer {number}"
        fields = {"version": f"{number - 1}", "level": f"{level}", "comment": comment}
        answered = self.answered(
            lambda: self.visitor.post(
                reverse("section", args=[self.assessment_id, dimension_code]),
                {f"{code}:{name}": value for name, value in fields.items()},
            )
        )
        told = answered.told["questions"][code]
        assert told["state"] in {"saved", "unchanged"}, told
        self.saved.append((code, told["version"], level, comment))

    def send(self) -> None:
        """Send the assessment for sign-off."""
        self.act("send_for_signoff", {})

    def sign(self) -> None:
        """Sign what the page shows."""
        address = reverse("signoff", args=[self.assessment_id])
        page = self.answered(lambda: self.visitor.get(address))
        [sent_at] = re.findall(r'name="sent_at" value="([^"]*)"', page.body)
        fields = {
            "sent_at": sent_at,
            "name": "April Approver",
            "job_title": "Chief executive",
            "agreed": "on",
        }
        signed = self.act("signoff", fields)
        if signed.status == 302:
            self.signed.append(int(signed.location.rstrip("/").split("/")[-1]))

    def give_back(self) -> None:
        """Return the assessment."""
        self.act("return_assessment", {"reason": "Once more, please."})

    def act(self, address: str, fields: dict[str, str]) -> Answered:
        """Send a form. Whoever tries again may hear that it is done already."""
        return self.answered(
            lambda: self.visitor.post(reverse(address, args=[self.assessment_id]), fields, accept="text/html")
        )

    def answered(self, request: Callable[[], Answered]) -> Answered:
        """Ask until there is an answer that does not excuse itself."""
        deadline = time.monotonic() + LONGEST_OUTAGE
        while time.monotonic() < deadline:
            try:
                answer = request()
            except (OSError, HTTPException):
                pass
            else:
                if answer.status < 500:
                    assert answer.status in {200, 302, 409}, answer
                    return answer
            self.unanswered += 1
            time.sleep(0.1)
        raise AssertionError(f"The site did not answer for {LONGEST_OUTAGE} seconds")


@dataclass(frozen=True)
class Cast:
    """Who works meanwhile: three on the answers of one system, three on the sign-off of another."""

    savers: dict[str, Colleague]
    lead: Colleague
    approver: Colleague
    administrator: Colleague

    @property
    def everybody(self) -> tuple[Colleague, ...]:
        """All of them."""
        return *self.savers.values(), self.lead, self.approver, self.administrator


def gather(country: World, running: Deployment) -> Cast:
    """Sign them in."""
    own, sister = country.assessment.pk, country.sister_assessment.pk
    site = running.site
    second = make_person("Lars Lead", role="lead", organisation=country.own)
    return Cast(
        savers={
            "linked_data": Colleague(site.visitor(country.contributor), own),
            "training": Colleague(site.visitor(country.lead), own),
            "recruitment": Colleague(site.visitor(second), own),
        },
        lead=Colleague(site.visitor(country.sister_lead), sister),
        approver=Colleague(site.visitor(country.sister_approver), sister),
        administrator=Colleague(site.visitor(country.administrator), sister),
    )


def sign_again_and_again(cast: Cast, stop: threading.Event) -> None:
    """Answer, send, sign and return one assessment, over and over."""
    while not stop.is_set():
        cast.lead.save("data_platform", "linked_data")
        cast.lead.send()
        cast.approver.sign()
        cast.administrator.give_back()


def kill_everything(running: Deployment, chance: random.Random) -> None:
    """Kill each kind of process several times, in an order and at moments that are left to chance."""
    order = list(running.kills) * TIMES
    chance.shuffle(order)
    for what in order:
        time.sleep(chance.uniform(SHORTEST_PAUSE, LONGEST_PAUSE))
        running.kill(what)
    time.sleep(LONGEST_PAUSE)


def test_processes_that_are_killed_take_nothing_with_them(
    country: World, running: Deployment, mail_server: MailServer, chance: random.Random
) -> None:
    cast = gather(country, running)
    stop = threading.Event()
    sections = {"linked_data": "data_platform", "training": "skills", "recruitment": "skills"}
    with ThreadPoolExecutor(max_workers=4) as pool:
        works = [
            pool.submit(saver.save_until, stop, sections[code], code) for code, saver in cast.savers.items()
        ]
        works.append(pool.submit(sign_again_and_again, cast, stop))
        try:
            kill_everything(running, chance)
        finally:
            stop.set()
        for each in works:
            each.result()
    running.kill_mail_worker_for_good()

    assert set(running.kills.values()) == {TIMES}
    assert sum(colleague.unanswered for colleague in cast.everybody) > 0
    every_answer_is_kept(country, cast)
    nothing_is_half_submitted(country, cast)
    every_message_is_sent_or_queued_once()
    send_what_is_left()
    every_message_has_arrived(mail_server, running)


def every_answer_is_kept(country: World, cast: Cast) -> None:
    """Each answer is stored once, though it may have been sent twice; the last one stands."""
    expected = {
        country.assessment.pk: [answer for saver in cast.savers.values() for answer in saver.saved],
        country.sister_assessment.pk: cast.lead.saved,
    }
    for assessment_id, saved in expected.items():
        history = apps.get_model("surveys", "AnswerEvent").objects.filter(assessment_id=assessment_id)
        columns = ("question__code", "version", "level", "comment")
        assert sorted(history.values_list(*columns)) == sorted(saved)
        last = {code: answer for code, *answer in sorted(saved)}
        standing = apps.get_model("surveys", "Answer").objects.filter(assessment_id=assessment_id)
        assert {code: answer for code, *answer in standing.values_list(*columns)} == last


def nothing_is_half_submitted(country: World, cast: Cast) -> None:
    """Status, signed copies, audit trail and messages tell the same story."""
    sister = country.sister_assessment
    sister.refresh_from_db()
    trail = list(Event.objects.filter(assessment_id=sister.pk).order_by("pk").values_list("verb", "detail"))
    steps = [verb for verb, _ in trail]
    rounds = len(cast.lead.saved)
    assert steps == ["assessment.sent", "assessment.submitted", "assessment.returned"] * rounds
    assert sister.status == Status.RETURNED
    copies = list(Submission.objects.filter(assessment=sister).order_by("number"))
    assert [copy.number for copy in copies] == list(range(1, rounds + 1))
    assert [detail for verb, detail in trail if verb == "assessment.submitted"] == [
        {"number": copy.number, "sha256": copy.sha256} for copy in copies
    ]
    assert set(cast.approver.signed) <= {copy.number for copy in copies}
    for copy in copies:
        assert sha256(copy.content.encode()).hexdigest() == copy.sha256
        assert re.findall(r"Answer \d+", copy.content) == [f"Answer {copy.number}"]
    kinds = Counter(Message.objects.filter(assessment=sister).values_list("kind", flat=True))
    assert kinds == {"sent_for_signoff": rounds, "submitted": 2 * rounds, "returned": 2 * rounds}
    assert list(Submission.objects.exclude(assessment=sister)) == []
    country.assessment.refresh_from_db()
    assert country.assessment.status == Status.IN_PROGRESS


def every_message_is_sent_or_queued_once() -> None:
    """Each message that is still to be sent has one job, and there is no job without a message."""
    statuses = dict(Message.objects.values_list("pk", "status"))
    queued = Counter(arguments["message_id"] for _, arguments in jobs())
    assert set(queued.values()) <= {1}
    assert queued.keys() <= statuses.keys()
    assert {pk for pk, status in statuses.items() if status == Message.Status.QUEUED} <= queued.keys()
    assert set(statuses.values()) <= {Message.Status.QUEUED, Message.Status.SENT}


def send_what_is_left() -> None:
    """Do what a worker does when those that were killed have not given a sign for long enough."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    enqueue("jobs.take_up", timestamp=0)
    deadline = time.monotonic() + LONGEST_OUTAGE
    while time.monotonic() < deadline:
        work()
        if not jobs():
            return
        let_pauses_pass()
    raise AssertionError(f"Still queued: {jobs()}")


def every_message_has_arrived(mail_server: MailServer, running: Deployment) -> None:
    """Each message came, and only one that was on its way when something was killed came twice."""
    assert set(Message.objects.values_list("status", flat=True)) == {Message.Status.SENT}
    taken = Counter(taken.message["Message-ID"] for taken in mail_server.taken)
    keys = {f"<{key}@example.org>" for key in Message.objects.values_list("key", flat=True)}
    assert taken.keys() == keys
    killed = running.kills["the mail worker"] + running.kills["PostgreSQL"] + 1
    assert taken.total() - len(keys) <= killed * MESSAGES_AT_ONCE
