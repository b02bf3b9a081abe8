"""A year of พญาเม็งราย's book, counted by hand."""

from tests.budget.books.writing import AT, WRITER, a_book, an_envelope, day, entry_of, line, post
from tiddao.budget.actions.papers import hold_paper
from tiddao.budget.models import Keeping


class Shown:
    """The book of the pages: two envelopes, one reversed payment, one late advance."""

    def __init__(self):
        self.book = a_book()
        self.envelope = an_envelope(self.book)
        self.other = an_envelope(
            self.book, project="30/2569", name="ผ้าไทย", activity="อบรมกลุ่มทอผ้า", fund="admin",
            tranche="ไตร 1-2",
        )  # fmt: skip
        self.filed = an_envelope(
            self.book, project="9/2569", name="จปฐ.", fund="admin", keeping=Keeping.WORKBOOK
        )
        post(
            self.book,
            line(self.envelope, "allotment", "มท 0405/1", "100000", 1),
            line(self.envelope, "commitment", "PO-1", "40000", 30),
            line(self.envelope, "disbursement", "ขบ-1", "25000.50", 60, against=("commitment", "PO-1")),
            line(self.envelope, "disbursement", "ขบ-2", "1000", 70),
            line(self.envelope, "advance", "บย-1", "5000", 80, borrower="สัญญา 1/2569"),
            line(self.envelope, "clearance", "ส-1", "2000", 90, against=("advance", "บย-1")),
            line(self.other, "allotment", "มท 0405/2", "8000", 2),
        )  # fmt: skip
        post(
            self.book,
            line(self.filed, "allotment", "ไฟล์", "700", 5, source="ผล.xlsx แผ่น งบบริหาร ช่อง C7"),
            keeping=Keeping.WORKBOOK,
        )
        self.payment = entry_of(self.book, "disbursement", "ขบ-1")
        self.wrong = entry_of(self.book, "disbursement", "ขบ-2")
        self.advance = entry_of(self.book, "advance", "บย-1")
        post(
            self.book,
            line(self.envelope, "reversal", "กลับ-1", "1000", 75, against=self.wrong.pk, note="เลขผิด"),
        )  # fmt: skip
        self.project = self.envelope.activity.project
        self.day = day

    def hold(self):
        """Hold one paper of the payment; return the number of the row that says so."""
        return hold_paper(self.payment.pk, "หลักฐานการจ่าย", note="แฟ้ม", by=WRITER, at=AT).pk
