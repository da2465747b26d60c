"""Several roll-out dates at once: what each opens and closes is told first, and only what was seen is stored."""

from datetime import date

import pytest
from sqlalchemy import delete, select

from app.domain.errors import Conflict, NotAllowed, NotFound, Refused
from app.extensions import db
from app.models.catalogue import Rollout
from app.models.organisation import Agency, Level
from app.services import organisation, rollout_plan
from app.services.rollout_plan import Effect
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")
LATER, EARLIER = date(2027, 1, 4), date(2016, 1, 4)


def ward(name="Cẩm Bình"):
    return make.agency(name)


def day_of(agency):
    db.session.expire_all()
    return db.session.scalar(select(Rollout.opens_on).where(Rollout.agency_id == agency.id))


def effect(agency, day):
    return rollout_plan.look({agency.id: day}).steps[0].effect


def test_every_agency_stands_in_the_plan_the_city_first():
    found = rollout_plan.places()
    assert len(found) == 17
    assert found[0].agency.level is Level.CITY
    assert all(place.open for place in found)


def test_each_effect_is_told():
    agency = ward()
    assert effect(agency, LATER) is Effect.CLOSES
    assert effect(agency, None) is Effect.CLOSES
    assert effect(agency, EARLIER) is Effect.STAYS
    rollout_plan.save(make.administrator(), {agency.id: LATER}, rollout_plan.look({agency.id: LATER}).mark)
    assert effect(agency, EARLIER) is Effect.OPENS
    assert effect(agency, date(2027, 2, 1)) is Effect.WILL_OPEN
    assert effect(agency, None) is Effect.STAYS


def test_a_step_counts_procedures_and_the_drafts_that_would_wait():
    agency = ward()
    make.complete_draft(make.BIRTH, "Cẩm Bình")
    step = rollout_plan.look({agency.id: LATER}).steps[0]
    assert (step.old, step.new) == (day_of(agency), LATER)
    assert (step.procedures, step.drafts) == (16, 1)


def test_a_date_that_stays_is_no_step():
    agency = ward()
    assert rollout_plan.look({agency.id: day_of(agency)}).steps == []


def test_dates_are_changed_added_and_taken_away_together():
    first, second, third = ward(), ward("Cẩm Trung"), ward("Cẩm Thạch")
    db.session.execute(delete(Rollout).where(Rollout.agency_id == third.id))
    db.session.commit()
    wanted = {first.id: LATER, second.id: None, third.id: EARLIER}
    plan = rollout_plan.look(wanted)
    assert rollout_plan.save(make.administrator(), wanted, plan.mark) == plan
    assert (day_of(first), day_of(second), day_of(third)) == (LATER, None, EARLIER)
    assert [rollout_plan.day_of(a) for a in (first, second, third)] == [LATER, None, EARLIER]


def test_nothing_is_stored_when_it_is_not_what_was_seen():
    agency, before = ward(), day_of(ward())
    mark = rollout_plan.look({agency.id: LATER}).mark
    with pytest.raises(Conflict) as refusal:
        rollout_plan.save(make.administrator(), {agency.id: date(2028, 1, 4)}, mark)
    assert refusal.value.key == "preview_outdated"
    assert day_of(agency) == before


def test_only_an_administrator_changes_dates():
    agency, before = ward(), day_of(ward())
    mark = rollout_plan.look({agency.id: LATER}).mark
    for person in (make.officer(), make.leader(), make.citizen()):
        with pytest.raises(NotAllowed):
            rollout_plan.save(person, {agency.id: LATER}, mark)
    assert day_of(agency) == before


def test_a_far_year_and_an_unknown_agency_are_refused():
    with pytest.raises(Refused) as refusal:
        rollout_plan.look({ward().id: date(1, 1, 1)})
    assert (refusal.value.key, refusal.value.field) == ("date_out_of_range", str(ward().id))
    with pytest.raises(NotFound):
        rollout_plan.look({99999: LATER})


def test_an_agency_that_serves_no_more_opens_nothing_and_goes_when_its_date_goes():
    agency = ward()
    organisation.agency_editor.edit(make.administrator(), agency.id, {"active": False})
    place = next(p for p in rollout_plan.places() if p.agency.id == agency.id)
    assert (place.serves, place.open) == (False, False)
    assert effect(agency, EARLIER) is Effect.STAYS
    wanted = {agency.id: None}
    rollout_plan.save(make.administrator(), wanted, rollout_plan.look(wanted).mark)
    assert agency.id not in {p.agency.id for p in rollout_plan.places()}
    assert db.session.get(Agency, agency.id) is not None
