"""Accounts: who gets one, how it is proved, and that every link, lock and log-out really ends something."""

import unicodedata
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from app.domain.errors import Conflict, DomainError, NotAllowed, NotFound, Refused, TooManyAttempts
from app.domain.roles import SYSTEM, Actor, Role
from app.extensions import db, hash_password, verify_password
from app.models.handling import Journal
from app.services import account_links, account_rows, accounts, attempts, settings, signed_links
from app.services.account_links import Purpose
from tests import people
from tests.people import EMAIL, OTHER, PASSWORD, by, citizen, keys, mails, registration, staff, stored, token

pytestmark = pytest.mark.usefixtures("app")

IP = "198.51.100.1"


@contextmanager
def refused(key, kind=DomainError, field=None, **params):
    """The verb is refused with that key (at that field), and nothing at all has changed."""
    before = people.picture()
    with pytest.raises(kind) as caught:
        yield
    assert caught.value.key == key
    assert field in (None, caught.value.field)
    assert params.items() <= dict(caught.value.params).items()
    assert people.picture() == before


def log_in(name=EMAIL, password=PASSWORD, **how):
    return accounts.log_in(name, password, ip=how.pop("ip", IP), **how)


def admitted(profile, epoch=None):
    return accounts.admit(profile.user_id, profile.session_epoch if epoch is None else epoch)


class TestRegistration:
    def test_a_citizen_gets_an_unconfirmed_account_with_the_citizens_role_and_a_confirmation_mail(self):
        accounts.register(registration(email=" Hang.Test@Example.com "), ip=IP)
        profile = stored(EMAIL)
        assert (profile.role, profile.email_confirmed_at, profile.agency_id) == (Role.CITIZEN, None, None)
        assert (profile.user.username, profile.user.email, profile.user.active) == (EMAIL, EMAIL, True)
        assert (profile.user.last_name, profile.user.first_name) == ("Nguyễn Thị Minh", "Hằng")
        assert (profile.phone, profile.personal_id, profile.address) == (
            "0912345678",
            "022185001234",
            "Tổ 3, khu 5",
        )
        assert [role.name for role in profile.user.roles] == ["citizen"]
        assert [(m.template, m.address, m.locale) for m in mails()] == [("account_confirm", EMAIL, "vi")]
        row = db.session.scalars(select(Journal).order_by(Journal.id.desc())).first()
        assert (row.key, row.actor_id, row.ip) == ("account_registered", profile.user_id, IP)
        assert row.details == {"account": profile.user_id, "consent": True}

    def test_the_password_is_stored_as_a_hash_only(self):
        profile = citizen()
        assert PASSWORD not in profile.user.password
        assert verify_password(profile.user.password, PASSWORD)
        assert not verify_password(profile.user.password, PASSWORD + " ")
        assert not verify_password(None, "nobody")

    def test_mails_are_in_the_language_of_the_page(self):
        accounts.register(registration(), ip=IP, locale="en")
        assert (mails()[0].locale, mails()[0].subject) == ("en", "Confirm your e-mail address")

    def test_an_address_with_an_account_gets_a_mail_and_the_account_stays_as_it_is(self):
        citizen()
        accounts_before = people.picture()[:3]
        answer = accounts.register(registration(full_name="Kẻ Lạ", password=OTHER), ip=IP)
        assert answer is None
        assert people.picture()[:3] == accounts_before
        assert (mails()[-1].template, mails()[-1].address) == ("account_exists", EMAIL)
        assert "Kẻ Lạ" not in mails()[-1].body
        assert "xac-nhan" not in mails()[-1].body

    @pytest.mark.parametrize(
        ("changes", "key", "field"),
        [
            ({"email": "hang"}, "email_malformed", "email"),
            ({"full_name": "Hằng"}, "full_name_incomplete", "full_name"),
            ({"phone": "12"}, "phone_malformed", "phone"),
            ({"personal_id": "12"}, "personal_id_malformed", "personal_id"),
            ({"address": "x" * 301}, "text_too_long", "address"),
            ({"password": "ngắn"}, "password_too_short", "password"),
            ({"password": "hang.test 2026"}, "password_contains_name", "password"),
            ({"password": "Minh Hằng Nguyễn Thị Minh Hằng"}, "password_contains_name", "password"),
            ({"consent": False}, "consent_required", "consent"),
        ],
    )
    def test_what_is_not_in_order_is_refused_at_its_field(self, changes, key, field):
        with refused(key, Refused, field):
            accounts.register(registration(**changes), ip=IP)

    def test_two_registrations_at_the_same_moment_end_in_one_account(self, monkeypatch):
        citizen()
        monkeypatch.setattr(account_rows, "by_login", lambda _text: None)
        with refused("stale_version", Conflict):
            accounts.register(registration(), ip=IP)

    def test_one_address_gets_a_few_mails_an_hour_and_no_more(self, moment):
        for number in range(5):
            accounts.register(registration(), ip=f"203.0.113.{number}")
        with refused("too_many_attempts", TooManyAttempts):
            accounts.register(registration(), ip="203.0.113.9")
        moment.shift(timedelta(hours=1))
        accounts.register(registration(), ip="203.0.113.9")
        assert len(mails()) == 6

    def test_one_visitor_registers_a_few_accounts_an_hour_and_no_more(self):
        for number in range(20):
            accounts.register(registration(email=f"nguoi{number}.thu@example.com"), ip=IP)
        with refused("too_many_attempts", TooManyAttempts):
            accounts.register(registration(email="khac@example.com"), ip=IP)

    def test_the_seed_makes_a_confirmed_citizen_without_mail(self):
        profile = accounts.create_citizen(registration(password="MotCua-2016"), is_demo=True)
        assert (profile.role, profile.is_demo, profile.email_confirmed_at is not None) == (
            Role.CITIZEN,
            True,
            True,
        )
        assert mails() == []
        with refused("account_taken", Refused):
            accounts.create_citizen(registration())
        with refused("password_too_common", Refused):
            accounts.create_citizen(registration(email="b@example.com", password="Matkhau@2016"))


class TestConfirmation:
    def test_the_mailed_link_confirms_the_address_once(self):
        profile = citizen(confirmed=False)
        first = token()
        assert accounts.read_link(Purpose.CONFIRM, first).profile.user_id == profile.user_id
        assert stored(EMAIL).email_confirmed_at is None  # reading is not using
        accounts.confirm(first, ip=IP)
        assert stored(EMAIL).email_confirmed_at is not None
        assert keys()[-1] == "email_confirmed"
        with refused("link_used", Conflict):
            accounts.confirm(first, ip=IP)

    def test_logging_in_and_out_before_opening_the_mail_does_not_kill_the_link(self):
        profile = citizen(confirmed=False)
        log_in()
        accounts.log_out(by(profile))
        accounts.confirm(token(), ip=IP)
        assert stored(EMAIL).email_confirmed_at is not None

    def test_the_link_expires_after_48_hours(self, moment):
        citizen(confirmed=False)
        moment.shift(timedelta(hours=48))
        assert accounts.read_link(Purpose.CONFIRM, token())
        moment.shift(timedelta(seconds=2))
        with refused("link_expired", Refused):
            accounts.confirm(token(), ip=IP)

    def test_the_mail_tells_until_when_the_link_holds(self):
        citizen(confirmed=False)
        assert "đến 09:20 thứ Tư, 25/11/2026" in mails()[-1].body

    def test_a_forged_link_is_told_from_a_used_one(self):
        profile = citizen(confirmed=False)
        good = token()
        for bad in ("", "x", good[:-1], "A" + good, good.replace(".", "x", 1)):
            with refused("link_forged", NotFound):
                accounts.confirm(bad, ip=IP)
        own_key = URLSafeTimedSerializer("another secret", salt="account link: xac-nhan")
        with refused("link_forged", NotFound):
            accounts.confirm(own_key.dumps({"id": profile.user_id, "of": "", "to": ""}), ip=IP)

    def test_a_link_for_one_purpose_opens_no_other(self):
        citizen(confirmed=False)
        for purpose in (Purpose.RESET, Purpose.EMAIL, Purpose.INVITATION):
            with refused("link_forged", NotFound):
                accounts.read_link(purpose, token())
        with refused("link_forged", NotFound):
            accounts.reset_password(token(), OTHER, ip=IP)

    def test_a_link_of_an_account_that_is_gone_is_used_up(self):
        profile = citizen(confirmed=False)
        made = token()
        account = {"id": profile.user_id + 1000, "of": "x", "to": ""}
        unknown = signed_links.write(account_links._salt(Purpose.CONFIRM), account)
        with refused("link_used", Conflict):
            accounts.read_link(Purpose.CONFIRM, unknown)
        with refused("no_such_account", NotFound):
            accounts.confirm(unknown, ip=IP)
        assert accounts.read_link(Purpose.CONFIRM, made)

    def test_a_switched_off_account_cannot_be_confirmed(self):
        profile = citizen(confirmed=False)
        accounts.deactivate(SYSTEM, profile.user_id)
        with refused("link_used", Conflict):
            accounts.confirm(token(), ip=IP)

    def test_a_new_link_can_be_had_by_who_waits_for_one_only(self):
        citizen(confirmed=False)
        accounts.resend_confirmation(EMAIL.upper(), ip=IP)
        assert [m.template for m in mails()] == ["account_confirm"] * 2
        accounts.confirm(token(), ip=IP)
        before = people.picture()
        for address in (EMAIL, "nobody@example.com"):
            assert accounts.resend_confirmation(address, ip=IP) is None
        assert people.picture() == before


class TestLogIn:
    def test_by_log_in_name_or_mail_address_whatever_the_case(self):
        made = staff(username="tn.thu")
        for name in ("tn.thu", " TN.Thu ", "TN.thu@example.com"):
            assert log_in(name).user_id == made.user_id
        row = db.session.scalars(select(Journal).order_by(Journal.id.desc())).first()
        assert (row.key, row.actor_role, row.ip) == ("logged_in", "receiving_officer", IP)
        assert row.details == {"by": "page"}
        assert (stored("tn.thu").user.login_count, stored("tn.thu").user.last_login is not None) == (3, True)

    def test_a_password_typed_with_split_letters_is_the_same_password(self):
        citizen()
        assert log_in(password=unicodedata.normalize("NFD", PASSWORD))

    @pytest.mark.parametrize(
        ("name", "password"),
        [
            (EMAIL, "wrong"),
            (EMAIL, ""),
            (EMAIL, PASSWORD + "\0"),
            ("nobody", PASSWORD),
            ("", ""),
            ("%", PASSWORD),
        ],
    )
    def test_wrong_name_and_wrong_password_get_the_same_answer(self, name, password):
        citizen()
        with refused("login_wrong", Refused):
            log_in(name, password)

    def test_an_unknown_name_costs_as_much_work_as_a_wrong_password(self, monkeypatch):
        citizen()
        checked = []
        monkeypatch.setattr(
            "app.extensions.check_password_hash", lambda hashed, _given: checked.append(hashed[:16]) or False
        )
        for name in (EMAIL, "nobody"):
            with refused("login_wrong"):
                log_in(name)
        assert len(checked) == 2
        assert checked[0] == checked[1]  # method and cost

    def test_an_account_without_a_profile_does_not_exist(self, app):
        user = app.appbuilder.sm.user_model(
            username="fab", email="fab@example.com", first_name="F", last_name="B", active=True
        )
        user.password = hash_password(PASSWORD)
        db.session.add(user)
        db.session.commit()
        with refused("login_wrong"):
            log_in("fab")
        assert accounts.admit(user.id, 1) is None

    def test_an_account_whose_password_was_never_set_lets_nobody_in(self):
        accounts.create_staff(SYSTEM, people.staff_account(username="moi.thu"))
        for password in ("", "\0", "nobody", "None"):
            with refused("login_wrong"):
                log_in("moi.thu", password)

    def test_a_switched_off_account_is_told_so_only_after_the_right_password(self):
        made = staff(username="nghi.thu")
        accounts.deactivate(SYSTEM, made.user_id)
        with refused("login_wrong"):
            log_in("nghi.thu", "wrong")
        with refused("account_inactive", NotAllowed):
            log_in("nghi.thu")

    def test_an_unconfirmed_citizen_logs_in_by_page_but_gets_no_token(self):
        citizen(confirmed=False)
        assert log_in()
        with refused("email_not_confirmed", NotAllowed):
            log_in(by_token=True)
        accounts.confirm(token(), ip=IP)
        assert log_in(by_token=True)
        assert log_in().role is Role.CITIZEN

    def test_staff_get_tokens(self):
        staff(username="tn.thu")
        assert log_in("tn.thu", by_token=True)


class TestLock:
    def wrong(self, times, name=EMAIL, **how):
        for _ in range(times):
            with pytest.raises(Refused):
                log_in(name, "wrong", **how)

    def test_after_a_few_wrong_tries_even_the_right_password_waits(self, moment):
        profile = citizen()
        self.wrong(settings.get("login_tries"))
        with refused("too_many_attempts", TooManyAttempts, minutes=15):
            log_in()
        row = db.session.scalars(select(Journal).order_by(Journal.id.desc())).first()
        assert (row.key, row.actor_role, row.details) == (
            "login_locked",
            "system",
            {"account": profile.user_id},
        )
        moment.shift(timedelta(minutes=15))
        assert log_in()

    def test_the_numbers_are_settings(self):
        citizen()
        administrator = by(staff(Role.ADMINISTRATOR, "qt.thu"))
        settings.change(administrator, "login_tries", "3")
        settings.change(administrator, "login_lock_minutes", "60")
        self.wrong(3)
        with refused("too_many_attempts", TooManyAttempts, minutes=60):
            log_in()

    def test_name_and_mail_address_share_the_tries_of_the_account(self):
        staff(username="tn.thu")
        self.wrong(4, "tn.thu")
        self.wrong(4, "tn.thu@example.com")
        with refused("too_many_attempts"):
            log_in("tn.thu")

    def test_an_unknown_name_is_locked_like_a_known_one(self):
        self.wrong(8, "nobody")
        with refused("too_many_attempts"):
            log_in("nobody")
        assert "login_locked" not in keys()

    def test_what_was_typed_as_a_name_is_not_stored(self):
        self.wrong(1, "my secret password")
        subjects = db.session.scalars(select(attempts.Attempt.subject)).all()
        assert subjects
        assert not any("secret" in subject for subject in subjects)

    def test_success_gives_all_tries_back(self):
        citizen()
        self.wrong(7)
        log_in()
        self.wrong(7)
        assert log_in()

    def test_one_visitor_trying_many_names_is_stopped_everywhere(self):
        citizen()
        for number in range(80):
            self.wrong(1, f"name{number}", ip="203.0.113.5")
        with refused("too_many_attempts"):
            log_in(ip="203.0.113.5")
        assert log_in(ip="203.0.113.6")

    def test_a_reset_by_mail_lifts_the_lock_of_its_owner(self):
        citizen()
        self.wrong(8)
        accounts.request_reset(EMAIL, ip=IP)
        accounts.reset_password(token(), OTHER, ip=IP)
        assert log_in(password=OTHER)


class TestSessions:
    def test_logging_out_ends_every_session(self):
        profile = citizen()
        old = profile.session_epoch
        assert admitted(profile)
        accounts.log_out(by(profile))
        assert admitted(stored(EMAIL), old) is None
        assert admitted(stored(EMAIL))
        assert keys()[-1] == "logged_out"

    def test_only_the_epoch_in_force_is_admitted(self):
        profile = citizen()
        for epoch in (0, profile.session_epoch + 1):
            assert admitted(profile, epoch) is None
        assert accounts.admit(profile.user_id + 1000, 1) is None

    def test_nobody_without_an_account_logs_out_or_changes_anything(self):
        for verb in (
            lambda: accounts.log_out(SYSTEM),
            lambda: accounts.change_password(SYSTEM, PASSWORD, OTHER),
            lambda: accounts.change_profile(SYSTEM, registration()),
            lambda: accounts.ask_for_email(SYSTEM, "a@example.com", PASSWORD),
            lambda: accounts.profile_of(Actor(user_id=10**6, role=Role.CITIZEN)),
        ):
            with refused("role_may_not", NotAllowed):
                verb()


class TestForgottenPassword:
    def test_the_mailed_link_sets_a_new_password_once_and_ends_all_sessions(self):
        profile = citizen()
        old = profile.session_epoch
        accounts.request_reset(EMAIL.upper(), ip=IP)
        assert [m.template for m in mails()][-1] == "account_reset"
        accounts.reset_password(token(), OTHER, ip=IP)
        assert admitted(stored(EMAIL), old) is None
        assert log_in(password=OTHER)
        with pytest.raises(Refused):
            log_in(password=PASSWORD)
        assert [m.template for m in mails()][-1] == "account_password_changed"
        assert "password_reset" in keys()
        with refused("link_used", Conflict):
            accounts.reset_password(token("account_reset"), "mưa bão mùa đông 5", ip=IP)

    def test_an_unknown_address_gets_the_same_answer_and_no_mail(self):
        before = people.picture()
        assert accounts.request_reset("nobody@example.com", ip=IP) is None
        assert people.picture() == before

    def test_a_switched_off_account_gets_no_link_and_its_old_one_is_dead(self):
        profile = citizen()
        accounts.request_reset(EMAIL, ip=IP)
        accounts.deactivate(SYSTEM, profile.user_id)
        accounts.request_reset(EMAIL, ip=IP)
        assert len(mails("account_reset")) == 1
        with refused("link_used", Conflict):
            accounts.reset_password(token(), OTHER, ip=IP)

    def test_the_link_expires_after_an_hour(self, moment):
        citizen()
        accounts.request_reset(EMAIL, ip=IP)
        moment.shift(timedelta(minutes=60, seconds=2))
        with refused("link_expired", Refused):
            accounts.reset_password(token(), OTHER, ip=IP)

    def test_a_log_out_or_another_change_kills_the_open_link(self):
        profile = citizen()
        accounts.request_reset(EMAIL, ip=IP)
        accounts.end_sessions(SYSTEM, profile.user_id)
        with refused("link_used", Conflict):
            accounts.reset_password(token(), OTHER, ip=IP)

    def test_a_weak_new_password_is_refused_and_the_link_still_holds(self):
        citizen()
        accounts.request_reset(EMAIL, ip=IP)
        for bad, key in (("short", "password_too_short"), ("hang.test hang", "password_contains_name")):
            with refused(key, Refused):
                accounts.reset_password(token(), bad, ip=IP)
        accounts.reset_password(token(), OTHER, ip=IP)
        assert log_in(password=OTHER)

    def test_opening_the_mail_proves_the_address(self):
        citizen(confirmed=False)
        accounts.request_reset(EMAIL, ip=IP)
        accounts.reset_password(token(), OTHER, ip=IP)
        assert stored(EMAIL).email_confirmed_at is not None

    def test_requests_for_one_address_are_limited(self):
        citizen()
        for number in range(5):
            accounts.request_reset(EMAIL, ip=f"203.0.113.{number}")
        with refused("too_many_attempts", TooManyAttempts):
            accounts.request_reset(EMAIL, ip="203.0.113.9")


class TestOwnAccount:
    def test_a_new_password_ends_all_sessions_but_the_one_that_gets_the_new_epoch(self):
        profile = citizen()
        old = profile.session_epoch
        changed = accounts.change_password(by(profile), PASSWORD, OTHER)
        assert changed.session_epoch == old + 1
        assert admitted(stored(EMAIL), old) is None
        assert log_in(password=OTHER)
        assert [m.template for m in mails()][-1] == "account_password_changed"
        assert "password_changed" in keys()

    @pytest.mark.parametrize(
        ("old", "new", "key"),
        [
            ("wrong", OTHER, "password_wrong"),
            (PASSWORD, "short", "password_too_short"),
            (PASSWORD, PASSWORD, "password_not_new"),
            (PASSWORD, "hang.test 2026", "password_contains_name"),
        ],
    )
    def test_a_password_is_changed_only_by_who_knows_it_and_to_a_better_one(self, old, new, key):
        profile = citizen()
        with refused(key, Refused):
            accounts.change_password(by(profile), old, new)

    def test_guessing_the_old_password_in_an_open_browser_is_locked_like_log_in(self):
        profile = citizen()
        for _ in range(8):
            with pytest.raises(Refused):
                accounts.change_password(by(profile), "wrong", OTHER)
        with refused("too_many_attempts", TooManyAttempts):
            accounts.change_password(by(profile), PASSWORD, OTHER)
        with refused("too_many_attempts", TooManyAttempts):
            log_in()

    def test_a_citizen_changes_what_they_declared(self):
        profile = citizen()
        data = accounts.Declared(" Đỗ  Văn Nam ", "+84 936 111 222", "", "  Khu 7 ")
        accounts.change_profile(by(profile), data)
        changed = stored(EMAIL)
        assert (str(changed), changed.phone, changed.personal_id, changed.address) == (
            "Đỗ Văn Nam", "0936111222", "", "Khu 7",
        )  # fmt: skip
        row = db.session.scalars(select(Journal).order_by(Journal.id.desc())).first()
        assert row.key == "profile_changed"
        assert row.details == {"fields": ["address", "full_name", "personal_id", "phone"]}

    def test_saving_without_a_change_leaves_no_journal_row(self):
        profile = citizen()
        before = people.picture()
        accounts.change_profile(by(profile), registration())
        assert people.picture() == before

    def test_a_bad_profile_changes_nothing(self):
        profile = citizen()
        with refused("phone_malformed", Refused):
            accounts.change_profile(by(profile), replace(registration(), full_name="Đỗ Nam", phone="1"))

    def test_staff_change_their_telephone_but_not_their_name(self):
        made = staff(username="tn.thu")
        accounts.change_profile(by(made), accounts.Declared("Trần Văn Quyết", "0936111222"))
        assert stored("tn.thu").phone == "0936111222"
        with refused("name_set_by_administrator", NotAllowed):
            accounts.change_profile(by(made), accounts.Declared("Lãnh Đạo", "0936111222"))


class TestNewMailAddress:
    NEW = "hang.moi@example.com"

    def ask(self, profile, address=NEW, password=PASSWORD):
        accounts.ask_for_email(by(profile), address, password)

    def test_the_new_address_holds_once_its_owner_opens_the_link_and_the_old_one_is_told(self):
        profile = citizen()
        self.ask(profile, self.NEW.upper())
        assert (mails()[-1].template, mails()[-1].address) == ("account_email_confirm", self.NEW)
        assert stored(EMAIL).user.email == EMAIL
        assert accounts.read_link(Purpose.EMAIL, token()).email == self.NEW
        accounts.log_out(by(profile))
        accounts.confirm_email(token(), ip=IP)
        changed = stored(self.NEW)
        assert (changed.user.email, changed.user.username) == (self.NEW, self.NEW)
        assert stored(EMAIL) is None
        assert (mails()[-1].template, mails()[-1].address) == ("account_email_changed", EMAIL)
        assert keys()[-1] == "email_changed"
        with refused("link_used", Conflict):
            accounts.confirm_email(token("account_email_confirm"), ip=IP)

    def test_staff_keep_their_log_in_name(self):
        made = staff(username="tn.thu")
        self.ask(made)
        accounts.confirm_email(token(), ip=IP)
        assert stored("tn.thu").user.email == self.NEW

    def test_only_who_knows_the_password_may_ask(self):
        profile = citizen()
        with refused("password_wrong", Refused):
            self.ask(profile, password="wrong")
        with refused("email_not_new", Refused):
            self.ask(profile, EMAIL)
        with refused("email_malformed", Refused):
            self.ask(profile, "x")

    def test_somebody_elses_address_is_neither_taken_nor_revealed(self):
        profile, other = citizen(), staff(username="tn.thu")
        before = people.picture()[:2]
        self.ask(profile, "tn.thu@example.com")
        assert people.picture()[:2] == before
        assert (mails()[-1].template, mails()[-1].address) == ("account_exists", other.user.email)

    def test_an_address_taken_meanwhile_is_not_taken_twice(self):
        profile = citizen()
        self.ask(profile)
        mine = token()
        citizen(self.NEW)
        with refused("link_used", Conflict):
            accounts.confirm_email(mine, ip=IP)

    def test_a_password_change_kills_the_request_of_a_thief(self):
        profile = citizen()
        self.ask(profile)
        accounts.change_password(by(profile), PASSWORD, OTHER)
        with refused("link_used", Conflict):
            accounts.confirm_email(token("account_email_confirm"), ip=IP)


class TestStaff:
    @pytest.fixture
    def administrator(self):
        return by(staff(Role.ADMINISTRATOR, "qt.thu"))

    @pytest.mark.parametrize(
        "role", [Role.RECEIVING_OFFICER, Role.DEPARTMENT_OFFICER, Role.LEADER, Role.ADMINISTRATOR]
    )
    def test_an_administrator_makes_staff_with_exactly_one_fab_role(self, administrator, role):
        data = people.staff_account(role, "moi.thu", phone="0936 111 222")
        accounts.create_staff(administrator, data, PASSWORD)
        made = stored("moi.thu")
        assert (made.role, made.agency_id, made.phone) == (role, data.agency_id, "0936111222")
        assert (made.department_id is not None) is (role is Role.DEPARTMENT_OFFICER)
        assert [row.name for row in made.user.roles] == [role.value]
        assert log_in("moi.thu").user_id == made.user_id
        assert "account_created" in keys()

    def test_without_a_password_the_new_member_chooses_it_by_a_mailed_link(self, administrator):
        accounts.create_staff(administrator, people.staff_account(username="moi.thu"))
        invitation = token("account_invitation")
        with refused("link_forged", NotFound):
            accounts.reset_password(invitation, PASSWORD, ip=IP)
        accounts.reset_password(invitation, PASSWORD, ip=IP, purpose=Purpose.INVITATION)
        assert log_in("moi.thu")
        with refused("link_used", Conflict):
            accounts.reset_password(invitation, OTHER, ip=IP, purpose=Purpose.INVITATION)

    def test_a_demo_account_may_have_the_password_of_the_readme(self):
        data = people.staff_account(username="demo.thu", is_demo=True)
        assert accounts.create_staff(SYSTEM, data, "MotCua-2016").is_demo
        with refused("password_too_common", Refused):
            accounts.create_staff(SYSTEM, people.staff_account(username="that.thu"), "MotCua-2016")

    @pytest.mark.parametrize(
        "role", [Role.CITIZEN, Role.RECEIVING_OFFICER, Role.DEPARTMENT_OFFICER, Role.LEADER]
    )
    def test_nobody_else_touches_accounts(self, role):
        victim = staff(username="nan.nhan")
        attacker = by(citizen() if role is Role.CITIZEN else staff(role, "ke.gian"))
        data = people.staff_account(Role.ADMINISTRATOR, "moi.thu")
        for verb in (
            lambda: accounts.create_staff(attacker, data, PASSWORD),
            lambda: accounts.edit_staff(attacker, attacker.user_id, data),
            lambda: accounts.deactivate(attacker, victim.user_id),
            lambda: accounts.activate(attacker, victim.user_id),
            lambda: accounts.end_sessions(attacker, victim.user_id),
        ):
            with refused("role_may_not", NotAllowed):
                verb()

    @pytest.mark.parametrize(
        ("changes", "key"),
        [
            ({"role": Role.CITIZEN}, "role_not_of_staff"),
            ({"role": Role.SYSTEM}, "role_not_of_staff"),
            ({"agency_id": 10**6}, "choose_from_list"),
            ({"role": Role.DEPARTMENT_OFFICER, "department_id": None}, "department_of_other_agency"),
            ({"role": Role.DEPARTMENT_OFFICER, "department_id": 10**6}, "department_of_other_agency"),
            ({"username": "a@example.com"}, "username_malformed"),
            ({"email": "x"}, "email_malformed"),
            ({"full_name": "Một"}, "full_name_incomplete"),
            ({"phone": "1"}, "phone_malformed"),
            ({"username": "qt.thu"}, "account_taken"),
            ({"email": "qt.thu@example.com"}, "account_taken"),
        ],
    )
    def test_staff_that_do_not_fit_are_refused(self, administrator, changes, key):
        data = replace(people.staff_account(username="moi.thu"), **changes)
        with refused(key, Refused):
            accounts.create_staff(administrator, data, PASSWORD)

    def test_a_department_of_another_agency_is_refused(self, administrator):
        _agency, foreign = people.office()
        data = people.staff_account(Role.DEPARTMENT_OFFICER, "moi.thu")
        with refused("department_of_other_agency", Refused):
            accounts.create_staff(administrator, replace(data, department_id=foreign.id), PASSWORD)

    def test_a_new_role_replaces_the_old_permissions_and_ends_the_sessions(self, administrator):
        made = staff(username="tn.thu")
        old = made.session_epoch
        data = people.staff_account(Role.LEADER, "bi.bo.qua", full_name="Lê Thị Hoa", email="hoa@example.com")
        accounts.edit_staff(administrator, made.user_id, data)
        changed = stored("tn.thu")
        assert (changed.role, str(changed), changed.user.email) == (
            Role.LEADER,
            "Lê Thị Hoa",
            "hoa@example.com",
        )
        assert [row.name for row in changed.user.roles] == ["leader"]
        assert admitted(changed, old) is None
        assert keys()[-1] == "account_edited"

    def test_a_new_telephone_alone_ends_no_session(self, administrator):
        made = staff(username="tn.thu")
        agency_id, epoch = made.agency_id, made.session_epoch
        data = replace(people.staff_account(username="tn.thu"), agency_id=agency_id, phone="0936111222")
        accounts.edit_staff(administrator, made.user_id, data)
        assert (stored("tn.thu").phone, stored("tn.thu").session_epoch) == ("0936111222", epoch)

    def test_an_edit_takes_nobodys_address_and_makes_no_citizen_staff(self, administrator):
        made, stranger = staff(username="tn.thu"), citizen()
        data = people.staff_account(username="tn.thu")
        with refused("account_taken", Refused):
            accounts.edit_staff(administrator, made.user_id, replace(data, email=EMAIL))
        with refused("no_such_account", NotFound):
            accounts.edit_staff(administrator, stranger.user_id, data)
        with refused("role_not_of_staff", Refused):
            accounts.edit_staff(administrator, made.user_id, replace(data, role=Role.CITIZEN))
        with refused("no_such_account", NotFound):
            accounts.edit_staff(administrator, 10**6, data)

    def test_an_administrator_neither_leaves_nor_switches_off_their_own_post(self, administrator):
        data = people.staff_account(Role.LEADER, "qt.thu")
        with refused("not_your_own_account", NotAllowed):
            accounts.edit_staff(administrator, administrator.user_id, data)
        with refused("not_your_own_account", NotAllowed):
            accounts.deactivate(administrator, administrator.user_id)

    def test_switching_off_ends_sessions_and_switching_on_does_not_revive_them(self, administrator):
        made = staff(username="tn.thu")
        old = made.session_epoch
        accounts.deactivate(administrator, made.user_id, "Nghỉ việc")
        row = db.session.scalars(select(Journal).order_by(Journal.id.desc())).first()
        assert (row.key, row.reason) == ("account_deactivated", "Nghỉ việc")
        assert [admitted(stored("tn.thu"), epoch) for epoch in (old, old + 1)] == [None, None]
        accounts.activate(administrator, made.user_id)
        assert admitted(stored("tn.thu"), old) is None
        assert log_in("tn.thu")
        assert keys().count("account_activated") == 1

    def test_sessions_can_be_ended_from_outside(self, administrator):
        profile = citizen()
        old = profile.session_epoch
        accounts.end_sessions(administrator, profile.user_id)
        assert admitted(stored(EMAIL), old) is None
        assert keys()[-1] == "sessions_ended"

    def test_the_operators_command_sets_a_password_by_the_same_rules_and_ends_sessions(self):
        profile = citizen()
        old = profile.session_epoch
        with refused("password_too_short", Refused):
            accounts.set_password(profile.user_id, "short")
        accounts.set_password(profile.user_id, OTHER)
        assert admitted(stored(EMAIL), old) is None
        assert log_in(password=OTHER)
        assert "password_set_by_operator" in keys()
