"""Components that several pages share."""

from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

from backend.web.samples import SampleForm


def test_a_wrong_field_is_tied_to_its_hint_and_its_error() -> None:
    page = SampleForm({"phone": ""})["phone"].as_field_group()
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in page
    assert 'id="id_phone_helptext"' in page
    assert 'id="id_phone_error"' in page
    assert 'aria-invalid="true"' in page


def test_a_group_of_choices_is_a_fieldset_with_a_legend() -> None:
    page = SampleForm()["reach"].as_field_group()
    assert "<fieldset" in page
    assert "<legend" in page


def test_the_label_of_a_checkbox_is_a_target_as_well() -> None:
    page = SampleForm()["alone"].as_field_group()
    assert page.index("<label") < page.index("<input") < page.index("</label>")


def test_the_summary_of_errors_leads_to_each_field() -> None:
    page = render_to_string("web/parts/error_summary.html", {"form": SampleForm({})})
    assert 'href="#id_name"' in page
    assert "data-error-summary" in page


def test_a_form_without_errors_has_no_summary() -> None:
    assert not render_to_string("web/parts/error_summary.html", {"form": SampleForm()}).strip()


def test_what_people_write_is_escaped() -> None:
    class Typed(forms.Form):
        note = forms.CharField()

    page = Typed({"note": "<b>x</b>"})["note"].as_field_group()
    assert "<b>" not in page
    assert "<b>" not in render_to_string("web/parts/person.html", {"name": "<b>x</b>"})


def test_a_button_shows_the_key_it_is_bound_to() -> None:
    page = render_to_string("web/parts/button.html", {"label": "Take", "key": "a"})
    assert 'data-key="a"' in page
    assert "<kbd" in page
    assert ">A</kbd>" in page


def test_a_button_that_asks_twice_carries_its_question() -> None:
    page = render_to_string("web/parts/button.html", {"label": "Resolve", "confirm": "Really?"})
    assert 'data-confirm="Really?"' in page


def test_the_pages_of_a_list_keep_its_filters() -> None:
    request = RequestFactory().get("/desk/?state=open&page=2")
    page_obj = Paginator(range(50), 10).page(2)
    page = render_to_string("web/parts/pagination.html", {"page_obj": page_obj}, request)
    assert 'href="?state=open&amp;page=3"' in page
    assert 'href="?state=open&amp;page=1"' in page


def test_a_phone_number_is_a_link_that_calls() -> None:
    page = render_to_string("web/parts/person.html", {"name": "王敏", "phone": "+8613812345678"})
    assert 'href="tel:+8613812345678"' in page
    assert "138 1234 5678" in page
