"""The citizens: invented names, numbers and addresses, the same for the same seed. Nobody can log in as them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random

from app.domain.roles import Role
from app.domain.search import fold
from app.models.dossier import ApplicantKind
from seed.files import read
from seed.simulation.chance import dice, one_of
from seed.simulation.ledger import Row, moment

DOSSIERS_PER_CITIZEN = 4
BEFORE_FIRST = timedelta(days=3)
"""An account is there before the first dossier that it composes."""
NO_PASSWORD = "!"  # noqa: S105 - no hash is ever equal to it
HOST = "mo-phong.example"
FEMALE = 0.52


@dataclass(frozen=True, slots=True)
class Citizen:
    """Who composes a dossier."""

    number: int
    last_name: str
    first_name: str
    phone: str
    personal_id: str
    address: str
    email: str

    @property
    def name(self) -> str:
        """In Vietnamese order."""
        return f"{self.last_name} {self.first_name}"


class Names:
    """The words that names and addresses are made of."""

    def __init__(self) -> None:
        lines = {line["part"]: line["words"] for line in read("simulation/names")}
        self.family, self.female, self.male, self.woman, self.man = (
            lines[part].split() for part in ("family", "female", "male", "woman", "man")
        )
        self.street, self.firm = (lines[part].split("|") for part in ("street", "firm"))


@cache
def names() -> Names:
    """Read once."""
    return Names()


@cache
def folded(words: str) -> str:
    """The words as officers search them; the same few names come again and again."""
    return fold(words)


def citizen(seed: int, number: int, units: Sequence[str]) -> Citizen:
    """The citizen of that number, living in one of the units."""
    throw, words = dice(seed, "citizen", number), names()
    woman = throw.random() < FEMALE
    family = one_of(throw, words.family)
    middle = one_of(throw, words.female if woman else words.male)
    first = one_of(throw, words.woman if woman else words.man)
    born = 1940 + int(throw.random() * 58)
    sign = (2 if born >= 2000 else 0) + woman  # noqa: PLR2004 - as in citizen identity numbers
    return Citizen(
        number=number,
        last_name=f"{family} {middle}",
        first_name=first,
        phone=f"09{(number * 7_368_787 + seed * 1_299_709) % 100_000_000:08d}",
        personal_id=f"022{sign}{born % 100:02d}{number % 1_000_000:06d}",
        address=_address(throw, one_of(throw, units)),
        email=f"{folded(first)}.{number + 1}@{HOST}",
    )


def _address(throw: Random, unit: str) -> str:
    if throw.random() < 0.5:  # noqa: PLR2004 - half the city
        return f"Tổ {1 + int(throw.random() * 12)}, khu {1 + int(throw.random() * 9)}, {unit}"
    return f"Số {1 + int(throw.random() * 400)} đường {one_of(throw, names().street)}, {unit}"


def applicant(throw: Random, who: Citizen, household: float, firm: float) -> tuple[ApplicantKind, str]:
    """Who applies: the citizen, or the business or organisation that the citizen acts for."""
    share = throw.random()
    if share < firm:
        return ApplicantKind.ENTERPRISE, f"Công ty TNHH {one_of(throw, names().firm)} {1 + who.number % 90}"
    if share < firm + household:
        return ApplicantKind.HOUSEHOLD_BUSINESS, f"Hộ kinh doanh {who.name}"
    return ApplicantKind.CITIZEN, who.name


def account(who: Citizen, user_id: int, profile_id: int, at: datetime) -> tuple[Row, Row]:
    """The rows of the citizen's account: FAB's user and our profile, in the order of their columns."""
    made = moment(at)
    user = (
        user_id, who.first_name, who.last_name, who.email, NO_PASSWORD, 1, who.email, 0, 0, made, made,
    )  # fmt: skip
    profile = (
        profile_id, user_id, Role.CITIZEN.value, who.phone, who.personal_id, who.address, 1, made, 1,
    )  # fmt: skip
    return user, profile


def registered(seed: int, number: int, first_dossier: datetime) -> datetime:
    """When the account was made."""
    share = dice(seed, "account", number).random()
    return first_dossier - BEFORE_FIRST + timedelta(seconds=int(share * 36_000))


def composer(throw: Random, dossier: int) -> int:
    """The number of the citizen who composes the dossier: a new one, or one who was here before."""
    newest = dossier // DOSSIERS_PER_CITIZEN
    if dossier % DOSSIERS_PER_CITIZEN == 0:
        return newest
    return int(throw.random() ** 0.7 * (newest + 1))


def count(dossiers: int) -> Iterator[int]:
    """The numbers of the citizens whom so many dossiers need."""
    return iter(range(-(-dossiers // DOSSIERS_PER_CITIZEN)))
