# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orsgate.estate.export import Export
from orsgate.estate.file import load_estate_file
from orsgate.estate.inventory import Configuration
from orsgate.estate.items import items_of
from orsgate.estate.knowledge import Failure, Unknown
from orsgate.estate.mistakes import InputError
from orsgate.estate.secret import Redactor, Revealer, Secret
from orsgate.evidence.baseline import baseline_or_unknown, load_baseline, store_baseline
from orsgate.evidence.configuration_json import dump_configuration, load_configuration
from orsgate.evidence.places import moved
from orsgate.evidence.redacted import redacted
from orsgate.evidence.stored_files import MANIFEST
from orsgate.sandbox.samples import place_sample
from orsgate.sources.files import read_files
from tests import make
from tests.discovery import configurations
from tests.evidence.reading import before, stored, stored_live, without_digests
from tests.faults.workshop import healthy_ring
from tests.sources import generated

KEY = b"the key of one run, in tests only"
ENCODABLE = configurations.HOSTILE.filter(lambda text: not any("\ud800" <= char <= "\udfff" for char in text))


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    return place_sample("healthy", tmp_path / "estate")


class TestWhatIsStored:
    def test_every_file_with_its_digest_readable_by_its_owner_only(self, estate: Path, tmp_path: Path) -> None:
        told = stored(estate, tmp_path / "baseline")
        assert (told.not_known, told.not_exported, told.left_out) == ((), (), ())
        files = {str(path.relative_to(told.directory)) for path in told.directory.rglob("*") if path.is_file()}
        manifest = json.loads((told.directory / MANIFEST).read_bytes())
        assert files == {each["file"] for each in manifest["files"]} | {MANIFEST}
        assert {"configuration.json", "snapshot.json", "estate.toml", "exports/ORS_B1_B.cfg"} <= files
        assert manifest["schema"] == "orsgate/baseline/1"
        assert (manifest["estate"], manifest["source"]) == ("Sample, migrated (made up)", "files")
        if os.name == "posix":
            modes = {stat.S_IMODE(path.stat().st_mode) for path in told.directory.rglob("*") if path.is_file()}
            assert modes == {0o600}
            assert {stat.S_IMODE(path.stat().st_mode) for path in (told.directory, told.directory / "exports")} == {0o700}

    def test_exports_are_copies_byte_for_byte(self, estate: Path, tmp_path: Path) -> None:
        export = estate.parent / "exports" / "ORS_A1.cfg"
        export.write_bytes(b"\xef\xbb\xbf; as it was  \r\n[orchestration]\r\nfunctions-by-urs = true\r\ncaf\xe9=1\r\n")
        told = stored(estate, tmp_path / "baseline")
        assert (told.directory / "exports" / "ORS_A1.cfg").read_bytes() == export.read_bytes()
        assert (told.directory / "estate.toml").read_bytes() == estate.read_bytes()

    def test_real_values_in_the_configuration_and_none_in_the_snapshot(self, estate: Path, tmp_path: Path) -> None:
        export = estate.parent / "exports" / "ORS_A1.cfg"
        export.write_bytes(export.read_bytes() + b"\n[custom]\npassword=Geheim-4711\n")
        told = stored(estate, tmp_path / "baseline")
        assert b"Geheim-4711" in (told.directory / "configuration.json").read_bytes()
        assert b"Geheim-4711" not in (told.directory / "snapshot.json").read_bytes()

    def test_what_could_not_be_read_is_said_and_the_rest_stored(self, estate: Path, tmp_path: Path) -> None:
        (estate.parent / "exports" / "ORS_A1.cfg").unlink()
        told = stored(estate, tmp_path / "baseline")
        assert [cause for cause in told.not_known if "ORS_A1" in cause]
        assert json.loads((told.directory / MANIFEST).read_bytes())["not_known"] == list(told.not_known)
        assert isinstance(load_baseline(told.directory, Redactor()).configuration.applications[0].options, Unknown)

    def test_an_export_that_is_not_understood_is_copied_all_the_same(self, estate: Path, tmp_path: Path) -> None:
        export = estate.parent / "exports" / "ORS_A1.cfg"
        export.write_bytes("[orchestration]\nx=1\n".encode("utf-16"))
        told = stored(estate, tmp_path / "baseline")
        assert any("UTF-16" in cause for cause in told.not_known)
        assert (told.directory / "exports" / "ORS_A1.cfg").read_bytes() == export.read_bytes()

    def test_a_file_that_changes_meanwhile_stops_it(self, estate: Path, tmp_path: Path) -> None:
        read = before(estate)
        export = estate.parent / "exports" / "ORS_A1.cfg"
        export.write_bytes(export.read_bytes() + b"; changed\n")
        with pytest.raises(InputError, match="was changed while the baseline was taken"):
            store_baseline(tmp_path / "baseline", *read)
        assert [path.name for path in tmp_path.iterdir()] == ["estate"]

    def test_nothing_is_overwritten(self, estate: Path, tmp_path: Path) -> None:
        stored(estate, tmp_path / "baseline")
        kept = (tmp_path / "baseline" / MANIFEST).read_bytes()
        with pytest.raises(InputError, match="nothing is replaced"):
            stored(estate, tmp_path / "baseline")
        assert (tmp_path / "baseline" / MANIFEST).read_bytes() == kept

    def test_half_a_character_is_refused_in_a_sentence(self, estate: Path, tmp_path: Path) -> None:
        read = make.estate((make.ors("ORS_1", host="a\ud800"),), live=True).configuration
        with pytest.raises(InputError, match=r"ORS_1.*half a character"):
            stored_live(estate, tmp_path / "baseline", read)
        assert not (tmp_path / "baseline").exists()


class TestWhatIsReadAgain:
    def test_configuration_ring_and_who_stored_it(self, estate: Path, tmp_path: Path) -> None:
        told = stored(estate, tmp_path / "baseline")
        found = load_baseline(tmp_path / "baseline", Redactor(KEY))
        assert (found.place, found.created, found.estate_name) == (
            str(tmp_path / "baseline"), told.created, "Sample, migrated (made up)",
        )  # fmt: skip
        assert found.cassandra == healthy_ring()

    def test_places_are_those_of_the_copies(self, estate: Path, tmp_path: Path) -> None:
        stored(estate, tmp_path / "baseline")
        first = load_baseline(tmp_path / "baseline", Redactor(KEY)).configuration.applications[0]
        assert isinstance(first.options, Export)
        assert first.options.place == str(tmp_path / "baseline" / "exports" / "ORS_A1.cfg")
        assert first.origin.place == str(tmp_path / "baseline" / "estate.toml")

    def test_a_secret_can_be_compared_within_a_run(self, estate: Path, tmp_path: Path) -> None:
        export = estate.parent / "exports" / "ORS_A1.cfg"
        export.write_bytes(export.read_bytes() + b"\n[custom]\npassword=Geheim-4711\n")
        stored(estate, tmp_path / "baseline")
        redactor = Redactor()
        then = items_of(load_baseline(tmp_path / "baseline", redactor).configuration).values
        now = items_of(read_files(load_estate_file(estate), redactor)).values
        assert {key: value.value for key, value in then.items()} == {key: value.value for key, value in now.items()}
        assert any(isinstance(value.value, Secret) for value in then.values())

    def test_live_configurations_and_their_exports(self, estate: Path, tmp_path: Path) -> None:
        read = configurations.configuration()
        told = stored_live(estate, tmp_path / "baseline", read)
        assert told.exports == 4 + 1
        assert load_baseline(tmp_path / "baseline", Revealer()).configuration == read


@pytest.mark.slow
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(generated.estates())
def test_a_baseline_gives_what_reading_again_would(tmp_path_factory: pytest.TempPathFactory, files: dict[str, str]) -> None:
    directory = tmp_path_factory.mktemp("made")
    estate = generated.write(files, directory / "estate")
    stored(estate, directory / "baseline")
    listed = json.loads((directory / "baseline" / MANIFEST).read_bytes())["files"]
    places = {each["copy_of"]: str(directory / "baseline" / each["file"]) for each in listed if "copy_of" in each}
    again = read_files(load_estate_file(estate), Redactor(KEY))
    found = load_baseline(directory / "baseline", Redactor(KEY)).configuration
    assert without_digests(found) == without_digests(moved(again, places))


@pytest.mark.slow
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(configurations.configurations(ENCODABLE, ENCODABLE, fit=False))
def test_any_configuration_is_read_back_exactly(read: Configuration) -> None:
    assert load_configuration(dump_configuration(read), "here") == read


@pytest.mark.slow
@settings(deadline=None, max_examples=100)
@given(generated.estates(), st.binary(min_size=1))
def test_redacting_later_is_redacting_where_it_enters(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, str], key: bytes
) -> None:
    loaded = load_estate_file(generated.write(files, tmp_path_factory.mktemp("made")))
    later = redacted(read_files(loaded, Revealer()), Redactor(key))
    assert without_digests(later) == without_digests(read_files(loaded, Redactor(key)))


class TestWhatWasChanged:
    @pytest.fixture
    def baseline(self, estate: Path, tmp_path: Path) -> Path:
        return stored(estate, tmp_path / "baseline").directory

    @pytest.mark.parametrize(
        "name", ["configuration.json", "snapshot.json", "estate.toml", "exports/ORS_A1.cfg", "exports/ORS_B1_B.cfg"]
    )
    def test_a_changed_file_is_named(self, baseline: Path, name: str) -> None:
        data = bytearray((baseline / name).read_bytes())
        data[len(data) // 2] ^= 1
        (baseline / name).write_bytes(bytes(data))
        with pytest.raises(InputError, match=rf'is not the baseline that was stored: "{name}" was changed; use another copy'):
            load_baseline(baseline, Redactor())

    def test_removed_and_added_files_are_named(self, baseline: Path) -> None:
        (baseline / "exports" / "ORS_A1.cfg").unlink()
        (baseline / "exports" / "ORS_X.cfg").write_bytes(b"")
        (baseline / "more").mkdir()
        with pytest.raises(
            InputError, match=r'"exports/ORS_X.cfg" was added, "more" was added, "exports/ORS_A1.cfg" was removed'
        ):
            load_baseline(baseline, Redactor())

    def test_a_link_in_the_place_of_a_file_is_a_change(self, baseline: Path, tmp_path: Path) -> None:
        (baseline / "estate.toml").rename(tmp_path / "moved.toml")
        (baseline / "estate.toml").symlink_to(tmp_path / "moved.toml")
        with pytest.raises(InputError, match=r'"estate.toml" was changed'):
            load_baseline(baseline, Redactor())

    def test_every_byte_of_the_manifest_counts(self, baseline: Path) -> None:
        whole = (baseline / MANIFEST).read_bytes()
        for place in range(0, len(whole), 7):
            data = bytearray(whole)
            data[place] ^= 1
            (baseline / MANIFEST).write_bytes(bytes(data))
            with pytest.raises(InputError, match=MANIFEST):
                load_baseline(baseline, Redactor())

    @pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"schema": "orsgate/exports/1"}', b"\xff", b"[" * 100_000])
    def test_what_is_no_manifest_is_refused(self, baseline: Path, content: bytes) -> None:
        (baseline / MANIFEST).write_bytes(content)
        with pytest.raises(InputError, match=MANIFEST):
            load_baseline(baseline, Redactor())

    def test_a_directory_that_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="there is no such directory"):
            load_baseline(tmp_path / "nowhere", Redactor())
        with pytest.raises(InputError, match=r"holds no manifest.json"):
            load_baseline(tmp_path, Redactor())
        with pytest.raises(InputError, match=r"holds no manifest\.json"):
            baseline_or_unknown(tmp_path, Redactor())

    def test_a_run_is_told_why_it_cannot_be_relied_on(self, baseline: Path) -> None:
        (baseline / "estate.toml").unlink()
        found = unknown(baseline_or_unknown(baseline, Redactor()))
        assert found.failure is Failure.UNREADABLE
        assert '"estate.toml" was removed' in found.cause


def unknown(found: object) -> Unknown:
    assert isinstance(found, Unknown)
    return found
