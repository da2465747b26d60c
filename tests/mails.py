"""Letters in the outbox, for the tests of outbox, sender and worker."""

from sqlalchemy import delete

from app.extensions import db
from app.models.outbox import OutboxMessage
from app.services import outbox
from app.services.transaction import transaction

CONTEXT = {
    "name": "Nguyễn Thị Minh Hằng",
    "question": "Mấy ngày có kết quả?",
    "answer": "3 ngày làm việc.",
    "agency": "UBND thành phố Cẩm Phả",
    "hotline": "033.3.502.900",
    "base_url": "http://localhost",
    "link": "http://localhost/hoi-dap",
}


def empty():
    """Take the letters of the seeded city away."""
    db.session.execute(delete(OutboxMessage))
    db.session.commit()


def write(address="hang@example.com", **context):
    """Write one letter and commit; its key."""
    with transaction():
        letter = outbox.write(
            receiver="asker", address=address, template="question_answered", context={**CONTEXT, **context}
        )
    return letter.id


def row(letter_id):
    """The letter as it is stored now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(OutboxMessage, letter_id)
