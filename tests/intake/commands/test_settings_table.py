from tools.settings_table import PAGE, classes, written


def test_the_handbook_lists_every_setting_as_it_is() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert written(page) == page, "run: python -m tools.settings_table"
    assert "| `KISS_PUBLIC_URL` |" in page


def test_every_setting_says_what_it_means_and_counts_as_absent_when_empty() -> None:
    for _, found in classes():
        assert found.model_config.get("env_ignore_empty"), found.__name__
        silent = [name for name, field in found.model_fields.items() if not field.description]
        assert silent == [], found.__name__
