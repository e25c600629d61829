"""A photo with a complaint: seen by whoever may read the complaint, as a file, and written down."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from backend.audit.models import AuditRow
from services.community.models import Complaint, ComplaintPhoto
from tests.builders import a_resident, a_resident_account, a_user, signed_in

pytestmark = pytest.mark.django_db


def a_photo() -> bytes:
    """What a telephone takes."""
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


def complain(
    browser: Client, content: bytes, name: str = "../../etc/passwd.jpg"
) -> Complaint | None:
    """Send the form with a photo."""
    sent = SimpleUploadedFile(name, content, content_type="text/html")
    form = {"category": "quality", "words": "饭是冷的。", "photo": sent}
    browser.post("/complaints/new/", form)
    return Complaint.objects.first()


def test_a_photo_is_kept_sealed_and_made_anew_and_shown_to_whom_it_concerns() -> None:
    resident = a_resident()
    own = signed_in(a_resident_account(resident))
    complaint = complain(own, a_photo())
    assert complaint is not None
    photo = ComplaintPhoto.objects.get(complaint=complaint)

    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM community_complaintphoto")
        assert cursor.fetchone()[0].startswith("k1:")
    desk = signed_in(a_user(role="lead", area=resident.area))
    for browser, path in (
        (own, f"/complaints/{complaint.pk}/photos/{photo.pk}/"),
        (desk, f"/desk/complaints/{complaint.pk}/photos/{photo.pk}/"),
    ):
        answer = browser.get(path)
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="photo.jpg"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.content.startswith(b"\xff\xd8\xff")
        assert b"SecretPhone" not in answer.content
    assert AuditRow.objects.filter(action="read", fields=["photo"]).count() == 2


def test_a_photo_of_another_complaint_or_to_somebody_else_is_not_there() -> None:
    complaint = complain(signed_in(a_resident_account()), a_photo())
    assert complaint is not None
    photo = ComplaintPhoto.objects.get()
    stranger = signed_in(a_resident_account())
    other = complain(stranger, a_photo())

    assert stranger.get(f"/complaints/{complaint.pk}/photos/{photo.pk}/").status_code == 404
    their = Complaint.objects.exclude(pk=complaint.pk).get()
    assert stranger.get(f"/complaints/{their.pk}/photos/{photo.pk}/").status_code == 404
    assert other is not None
    assert Client().get(f"/complaints/{complaint.pk}/photos/{photo.pk}/").status_code == 302


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"PK\x03\x04", b"%PDF-1.7"])
def test_what_only_calls_itself_a_photo_is_refused_and_nothing_is_kept(content: bytes) -> None:
    assert complain(signed_in(a_resident_account()), content) is None
    assert not ComplaintPhoto.objects.exists()
