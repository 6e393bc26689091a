"""Messages reach a real mail server, one by one, whatever becomes of the others."""

from __future__ import annotations

import contextlib
import datetime
import re
import signal
import time
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.http import Http404
from django.test import Client
from django.utils import timezone

from surveys.actions.mail import DELIVER, PAUSES, TryAgain, deliver, queue_mail, send_again
from surveys.actions.people import invite
from surveys.actions.queueing import enqueue
from surveys.emails import Mail
from surveys.models import Event, Message, Person
from surveys.models.mail import KEY_TO_COME
from tests.factories import make_person
from tests.mail_server import MailServer
from tests.refusals import refusal
from tests.together import together
from tests.worker import jobs, let_pauses_pass, work, worker_process
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

Kind, Status = Message.Kind, Message.Status
SITE = "https://survey.example.org"
SENDER = "ICS data maturity survey <survey@example.org>"


def queue(address: str = "lena@survey.example", **changes: Any) -> Message:
    """A reminder, queued."""
    mail = Mail(
        to=address,
        subject=changes.pop("subject", "Three weeks left"),
        body=changes.pop("body", "Hello,\n\nthe round closes soon.\n"),
    )
    return queue_mail(mail=mail, **({"kind": Kind.REMINDER} | changes))


def became(message: Message) -> tuple[str, int, str]:
    """What became of a message: status, attempts, last error."""
    message.refresh_from_db()
    return message.status, message.attempts, message.last_error


# Sending


def test_a_message_is_sent_with_the_headers_of_a_machine(mail_server: MailServer) -> None:
    message = queue()
    work()
    [taken] = mail_server.taken
    assert (taken.sender, taken.recipients) == ("survey@example.org", ("lena@survey.example",))
    headers = dict(taken.message.items())
    sent = datetime.datetime.strptime(headers.pop("Date"), "%a, %d %b %Y %H:%M:%S %z")
    assert abs(timezone.now() - sent) < datetime.timedelta(minutes=1)
    assert headers == {
        "Content-Type": 'text/plain; charset="utf-8"',
        "MIME-Version": "1.0",
        "Content-Transfer-Encoding": "7bit",
        "Subject": "Three weeks left",
        "From": SENDER,
        "To": "lena@survey.example",
        "Message-ID": f"<{message.key}@example.org>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    assert taken.text == "Hello,\n\nthe round closes soon.\n"
    assert became(message) == (Status.SENT, 1, "")
    assert message.sent_at is not None
    assert jobs() == []


def test_answers_go_to_the_people_who_help(mail_server: MailServer, settings: Any) -> None:
    settings.SUPPORT_EMAIL = "help@survey.example"
    queue()
    work()
    assert mail_server.taken[0].message["Reply-To"] == "help@survey.example"


def test_a_job_knows_the_key_of_the_message_and_nothing_else(world: World) -> None:
    message = queue(person=world.lead, by=world.administrator, round_id=world.round.pk)
    assert jobs() == [(DELIVER, {"message_id": message.pk})]
    assert (message.queued_by, message.round) == (world.administrator, world.round)


def test_what_is_rolled_back_sends_nothing(mail_server: MailServer) -> None:
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    work()
    assert (mail_server.taken, Message.objects.count(), jobs()) == ([], 0, [])


def test_a_demo_sends_nothing_and_says_it_was_sent(mail_server: MailServer, settings: Any) -> None:
    settings.DEMO = True
    message = queue()
    work()
    assert (became(message), mail_server.taken) == ((Status.SENT, 1, ""), [])


# Trouble


def test_an_address_refused_for_now_gets_the_same_message_later(mail_server: MailServer) -> None:
    mail_server.replies_to["lena@survey.example"] = ["451 4.7.1 Greylisted,\r come back"]
    message = queue()
    work()
    refused = "The mail server refused the address: 451 4.7.1 Greylisted, come back"
    assert became(message) == (Status.QUEUED, 1, refused)
    work()
    assert became(message) == (Status.QUEUED, 1, refused)
    let_pauses_pass()
    work()
    assert became(message) == (Status.SENT, 2, "")
    assert [taken.message["Message-ID"] for taken in mail_server.taken] == [f"<{message.key}@example.org>"]


def test_one_failing_address_never_stops_the_others(mail_server: MailServer) -> None:
    mail_server.replies_to["gone@survey.example"] = ["550 5.1.1 No such user"]
    mail_server.replies_to["full@survey.example"] = ["452 4.2.2 Mailbox full"]
    names = ["anna", "gone", "bert", "full", "cleo"]
    messages = {name: queue(f"{name}@survey.example") for name in names}
    work()
    assert mail_server.addresses() == [f"{name}@survey.example" for name in ("anna", "bert", "cleo")]
    assert {name: became(message) for name, message in messages.items()} == {
        "anna": (Status.SENT, 1, ""),
        "gone": (Status.FAILED, 1, "The mail server refused the address: 550 5.1.1 No such user"),
        "bert": (Status.SENT, 1, ""),
        "full": (Status.QUEUED, 1, "The mail server refused the address: 452 4.2.2 Mailbox full"),
        "cleo": (Status.SENT, 1, ""),
    }
    assert jobs() == [(DELIVER, {"message_id": messages["full"].pk})]


def test_while_the_mail_server_is_away_messages_wait(mail_server: MailServer) -> None:
    mail_server.stop()
    message = queue()
    work()
    assert became(message) == (
        Status.QUEUED,
        1,
        "The mail server cannot be reached: Connection refused",
    )
    mail_server.start()
    let_pauses_pass()
    work()
    assert (became(message), mail_server.addresses()) == ((Status.SENT, 2, ""), ["lena@survey.example"])


@pytest.mark.parametrize(
    ("reply", "status", "words"),
    [
        ("554 5.7.1 Looks like spam", Status.FAILED, "refused the message: 554 5.7.1 Looks like spam"),
        ("451 4.3.0 Disk full", Status.QUEUED, "refused the message: 451 4.3.0 Disk full"),
    ],
)
def test_a_text_may_be_refused_for_now_or_for_good(
    mail_server: MailServer, reply: str, status: str, words: str
) -> None:
    mail_server.reply_to_text = reply
    message = queue()
    work()
    assert became(message) == (status, 1, f"The mail server {words}")


def test_what_the_server_has_against_us_can_be_mended_so_the_message_waits(mail_server: MailServer) -> None:
    mail_server.reply_to_sender = "550 5.7.60 Client does not have permission to send as this sender"
    message = queue()
    work()
    words = "550 5.7.60 Client does not have permission to send as this sender"
    assert became(message) == (Status.QUEUED, 1, f"The mail server does not take mail from us: {words}")


def test_two_addresses_are_none_and_fail_alone(mail_server: MailServer) -> None:
    message, other = queue("lena@survey.example, thief@elsewhere.example"), queue()
    work()
    words = (
        "The message cannot be written: Invalid address; only lena@survey.example could be parsed from "
        '"lena@survey.example, thief@elsewhere.example"'
    )
    assert became(message) == (Status.FAILED, 1, words)
    assert (became(other), mail_server.addresses()) == ((Status.SENT, 1, ""), ["lena@survey.example"])


def test_after_a_day_of_attempts_a_message_has_failed(mail_server: MailServer) -> None:
    mail_server.replies_to["lena@survey.example"] = ["450 4.2.1 Not now"] * 20
    message = queue()
    moments = []
    with time_machine.travel(timezone.now()) as clock:
        for _ in PAUSES:
            with pytest.raises(TryAgain) as later:
                deliver(message_id=message.pk)
            moments.append(later.value.at)
            clock.move_to(later.value.at)
        deliver(message_id=message.pk)
    refused = "The mail server refused the address: 450 4.2.1 Not now"
    assert became(message) == (Status.FAILED, len(PAUSES) + 1, refused)
    assert moments[-1] - message.queued_at > datetime.timedelta(hours=22)


# Headers


def test_a_subject_and_a_name_cannot_add_headers_or_recipients(mail_server: MailServer, world: World) -> None:
    name = "Eve\r\nBcc: thief@elsewhere.example\r\n\r\n.\r\nMAIL FROM:<x@y.example>"
    queue(subject=f"{name}\x00\u202e asks you", body=f"Hello {name}\r.\r\nThe end\u2028.", kind=Kind.REMINDER)
    work()
    [taken] = mail_server.taken
    assert taken.recipients == ("lena@survey.example",)
    assert taken.message["Bcc"] is None
    assert taken.message["Subject"] == ("Eve Bcc: thief@elsewhere.example . MAIL FROM:<x@y.example> asks you")
    assert taken.text == (
        "Hello Eve\nBcc: thief@elsewhere.example\n\n.\nMAIL FROM:<x@y.example>\n.\nThe end\n.\n"
    )


def test_a_name_may_have_any_letters(mail_server: MailServer, world: World) -> None:
    Person.objects.filter(pk=world.administrator.pk).update(name="Zoë Ünal 李")
    Person.objects.filter(pk=world.newcomer.pk).update(name="Siân O'Brien, MSc <script>")
    by = Person.objects.get(pk=world.administrator.pk)
    invite(by=by, person_id=world.newcomer.pk, site=SITE)
    queue(subject="Łukasz wants to know: 5 > 4 & 3?")
    work()
    texts = {taken.recipients[0]: taken for taken in mail_server.taken}
    assert texts[world.newcomer.email].text.startswith(
        "Hello Siân O'Brien, MSc <script>,\n\nZoë Ünal 李 has given you an account"
    )
    assert texts["lena@survey.example"].message["Subject"] == "Łukasz wants to know: 5 > 4 & 3?"


# Keys


def test_the_key_of_a_link_is_in_the_message_and_nowhere_else(mail_server: MailServer, world: World) -> None:
    person = make_person("Nora New")
    invite(by=world.administrator, person_id=person.pk, site=SITE)
    work()
    [taken] = mail_server.taken
    [link] = re.findall(rf"{SITE}(/password/\S+/\S+/)\n", taken.text)
    [stored] = Message.objects.values_list("body", flat=True)
    key = link.split("/")[-2]
    assert taken.text == stored.replace(KEY_TO_COME, key)
    assert KEY_TO_COME not in taken.text
    client = Client()
    page = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(page, {"new_password1": "seven-green-lamps", "new_password2": "seven-green-lamps"})
    person.refresh_from_db()
    assert person.check_password("seven-green-lamps")


@pytest.mark.parametrize(
    "change",
    [{"email": "other@survey.example"}, {"is_active": False}],
    ids=["another address", "switched off"],
)
def test_a_key_goes_to_the_owner_of_the_account_alone(
    mail_server: MailServer, world: World, change: dict[str, Any]
) -> None:
    invite(by=world.administrator, person_id=world.lead.pk, site=SITE)
    Person.objects.filter(pk=world.lead.pk).update(**change)
    work()
    words = (
        "The account was switched off, or got another e-mail address, after this message was queued, so its "
        "link to choose a password was not sent to this address."
    )
    assert became(Message.objects.get()) == (Status.FAILED, 1, words)
    assert mail_server.taken == []


def test_a_word_that_looks_like_a_key_stays_in_a_message_without_one(
    mail_server: MailServer, world: World
) -> None:
    queue(person=world.lead, body=f"My comment: {KEY_TO_COME}")
    work()
    assert mail_server.taken[0].text == f"My comment: {KEY_TO_COME}\n"


# Again


def test_a_message_that_failed_is_sent_again_to_the_address_of_now(
    mail_server: MailServer, world: World
) -> None:
    mail_server.replies_to["lena.lead@survey.example"] = ["550 5.1.1 No such user"]
    message = queue(world.lead.email, person=world.lead, round_id=world.round.pk)
    work()
    Person.objects.filter(pk=world.lead.pk).update(email="lena@survey.example")
    send_again(by=world.administrator, message_id=message.pk)
    work()
    assert became(message) == (Status.SENT, 1, "")
    assert mail_server.addresses() == ["lena@survey.example"]
    [event] = Event.objects.filter(verb="message.queued_again")
    assert (event.person_name, event.subject, event.round_id, event.detail) == (
        "Ada Administrator",
        "Reminder to lena@survey.example",
        world.round.pk,
        {"message_id": message.pk},
    )


def test_what_was_not_refused_or_belongs_to_nobody_active_is_not_sent_again(world: World) -> None:
    message = queue(person=world.lead)
    assert refusal(send_again, by=world.administrator, message_id=message.pk) == (
        "Only a message that was not delivered can be sent again. Nothing was changed."
    )
    failed = {"status": Status.FAILED, "last_error": "x", "attempts": 1, "tried_at": timezone.now()}
    Message.objects.update(**failed)
    Person.objects.filter(pk=world.lead.pk).update(is_active=False)
    assert refusal(send_again, by=world.administrator, message_id=message.pk) == (
        "The account of Lena Lead is switched off. Switch it on first."
    )
    for by, message_id in ((world.lead, message.pk), (world.administrator, 0)):
        with pytest.raises(Http404):
            send_again(by=by, message_id=message_id)
    assert became(message)[:2] == (Status.FAILED, 1)


def test_a_message_to_nobody_with_an_account_is_sent_again_too(mail_server: MailServer, world: World) -> None:
    mail_server.replies_to["lena@survey.example"] = ["550 5.1.1 No such user"]
    message = queue()
    work()
    send_again(by=world.administrator, message_id=message.pk)
    work()
    assert became(message) == (Status.SENT, 1, "")


# Workers


def test_a_message_is_delivered_once_and_a_job_without_a_message_ends(mail_server: MailServer) -> None:
    message = queue()
    enqueue(DELIVER, message_id=message.pk)
    enqueue(DELIVER, message_id=0)
    work()
    let_pauses_pass()
    work()
    assert (len(mail_server.taken), jobs()) == (1, [])


def test_while_one_worker_has_a_message_another_leaves_it(mail_server: MailServer) -> None:
    mail_server.seconds = 0.5
    message = queue()

    def later() -> None:
        mail_server.reading.wait()
        deliver(message_id=message.pk)

    first, second = together(lambda: deliver(message_id=message.pk), later)
    assert (first, type(second), len(mail_server.taken)) == (None, TryAgain, 1)
    assert became(message) == (Status.SENT, 1, "")


def test_two_worker_processes_send_every_message_once(mail_server: MailServer) -> None:
    names = [f"person{number:02d}@survey.example" for number in range(30)]
    for name in names:
        queue(name)
    mail_server.seconds = 0.05
    with worker_process("--one-shot") as one, worker_process("--one-shot") as other:
        said = [worker.communicate(timeout=60)[1] for worker in (one, other)]
    assert (one.returncode, other.returncode) == (0, 0), said
    assert (mail_server.addresses(), jobs()) == (names, [])


def test_a_worker_that_is_told_to_stop_finishes_its_message_first(mail_server: MailServer) -> None:
    mail_server.seconds = 1
    message = queue()
    with worker_process() as worker:
        assert mail_server.reading.wait(30)
        worker.send_signal(signal.SIGTERM)
        _, said = worker.communicate(timeout=30)
    assert (worker.returncode, len(mail_server.taken)) == (0, 1), said
    assert (became(message), jobs()) == ((Status.SENT, 1, ""), [])


def test_the_messages_of_a_worker_that_was_killed_are_sent_by_another(mail_server: MailServer) -> None:
    mail_server.seconds = 30
    message = queue()
    with worker_process() as worker:
        assert mail_server.reading.wait(30)
        worker.kill()
    mail_server.seconds = 0
    work()
    assert (became(message), mail_server.taken) == ((Status.QUEUED, 0, ""), [])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    enqueue("jobs.take_up", timestamp=0)
    work()
    assert (became(message), len(mail_server.taken), jobs()) == ((Status.SENT, 1, ""), 1, [])


def test_a_database_that_breaks_off_costs_no_message(mail_server: MailServer) -> None:
    mail_server.seconds = 0.5
    message = queue()
    with contextlib.ExitStack() as workers:
        worker = workers.enter_context(worker_process("--fetch-job-polling-interval=0.2"))
        assert mail_server.reading.wait(30)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        deadline = time.monotonic() + 60
        while became(message)[0] != Status.SENT and time.monotonic() < deadline:
            time.sleep(0.2)
            let_pauses_pass()
            # A worker that was in the middle of a query ends, and a deployment starts it again.
            if worker.poll() is not None:
                worker = workers.enter_context(worker_process("--fetch-job-polling-interval=0.2"))
    assert became(message) == (Status.SENT, 1, "")
    # The mail server had taken it when the database broke off, so it came twice, and says so.
    assert {taken.message["Message-ID"] for taken in mail_server.taken} == {f"<{message.key}@example.org>"}
    assert len(mail_server.taken) == 2
