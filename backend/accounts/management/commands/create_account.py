"""`manage.py create_account`: the first accounts of staff, which nobody can make in the browser."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from backend.accounts import actions
from backend.accounts.models import STAFF_ROLES, Role
from backend.core import clock
from backend.core.errors import DomainError
from backend.places.actions import create_area
from backend.places.models import Area

BY = "system:create_account"


class Command(BaseCommand):
    """Make an account of staff and print the link by which its person begins."""

    help = "Make an account of staff, and print the link with which its person begins, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, in which role, and where."""
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="name of the person")
        parser.add_argument("--role", required=True, choices=sorted(STAFF_ROLES - {Role.CAREGIVER}))
        parser.add_argument("--area", required=True, help="code of the area, as 320213")
        parser.add_argument(
            "--area-name", help="makes the district of this code, where there is none"
        )

    def handle(
        self,
        *,
        username: str,
        name: str,
        role: str,
        area: str,
        area_name: str | None = None,
        **_options: object,
    ) -> None:
        """Make both or neither."""
        now = clock.now()
        try:
            with transaction.atomic():
                user = actions.create_staff(
                    username=username,
                    name=name,
                    role=Role(role),
                    area=_area(area, area_name),
                    password=None,
                    by=BY,
                    now=now,
                )
                link = actions.issue_start_link(user, by=BY, now=now)
        except DomainError as error:
            raise CommandError(str(error)) from error
        said = _("Give this to %(name)s. It opens once, within a day:")
        self.stdout.write(said % {"name": name})
        self.stdout.write(link)


def _area(code: str, name: str | None) -> Area:
    """The area of a code; with a name, a district is made of it where there is none.

    Raises:
        CommandError: there is none, or several streets have the code.
        Invalid: not a code of a district.
    """
    found = list(Area.objects.filter(code=code)[:2])
    if len(found) == 1:
        return found[0]
    if found:
        raise CommandError(_("Several areas have the code %(code)s.") % {"code": code})
    if not name:
        raise CommandError(
            _("No area has the code %(code)s. --area-name makes it.") % {"code": code}
        )
    district = Area.Level.DISTRICT
    return create_area(parent=None, level=district, code=code, name=name, by=BY, now=clock.now())
