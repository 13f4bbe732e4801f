"""What travels with every export, read by those who are to read it: the signature by OpenSSF's
model_signing, the bill of materials by cyclonedx-python-lib, the sums by coreutils."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import FIXTURES
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cyclonedx.model.bom import Bom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from huggingface_hub import ModelCard

BASE = FIXTURES / "tiny-llama"
ADAPTER = FIXTURES / "golden" / "tiny-llama" / "init-adapter"


@pytest.fixture(scope="module")
def signed(airlock, tmp_path_factory) -> tuple[Path, Path]:
    """An exported folder and the public key that is to verify it."""
    folder = tmp_path_factory.mktemp("signed")
    key, public, out = folder / "key.pem", folder / "airlock.pub", folder / "out"
    private = ec.generate_private_key(ec.SECP256R1())
    # As `openssl ecparam -genkey` writes it.
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    key.write_bytes(private.private_bytes(*form))
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    public.write_bytes(private.public_key().public_bytes(serialization.Encoding.PEM, spki))
    airlock("export", "--model", BASE, "--adapter", ADAPTER, "--format", "peft", "--out", out, "--sign-key", key)
    return out, public


def verify(folder: Path, public: Path) -> subprocess.CompletedProcess:
    command = [Path(sys.executable).with_name("model_signing"), "verify", "key", folder,
               "--signature", folder / "model.sig", "--public_key", public]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)


def test_signature_is_accepted_and_one_flipped_byte_is_not(signed):
    folder, public = signed
    done = verify(folder, public)
    assert done.returncode == 0, done.stderr
    sums = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, check=False)
    assert sums.returncode == 0, sums.stdout
    weights = folder / "adapter_model.safetensors"
    whole = weights.read_bytes()
    try:
        weights.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        done = verify(folder, public)
        assert done.returncode != 0
        assert "adapter_model.safetensors" in done.stdout + done.stderr
    finally:
        weights.write_bytes(whole)
    (folder / "added.txt").write_text("x", encoding="utf-8")
    try:
        assert verify(folder, public).returncode != 0
    finally:
        (folder / "added.txt").unlink()


def test_bill_of_materials_is_of_cyclonedx(signed):
    folder, _ = signed
    text = (folder / "bom.cdx.json").read_text(encoding="utf-8")
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    assert fault is None, fault
    bom = json.loads(text)
    # The library's own model has no card yet; all else it reads.
    del bom["metadata"]["component"]["modelCard"]
    component = Bom.from_json(bom).metadata.component
    assert component.type.value == "machine-learning-model"
    listed = {file.name: next(iter(file.hashes)).content for file in component.components}
    sums = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    written = {path: digest for digest, path in (line.split("  ", 1) for line in sums)}
    assert listed == {path: digest for path, digest in written.items() if path != "bom.cdx.json"}
    (base,) = component.pedigree.ancestors
    assert base.name == "tiny-llama"
    assert any(file.name == "model.safetensors" for file in base.components)


def test_card_has_the_metadata_of_peft(signed):
    folder, _ = signed
    card = ModelCard.load(folder / "README.md")
    assert card.data.library_name == "peft"
    assert card.data.pipeline_tag == "text-generation"
    assert card.data.base_model == "tiny-llama"
    assert set(card.data.tags) == {"base_model:adapter:tiny-llama", "lora", "transformers"}
    base = hashlib.sha256((BASE / "model.safetensors").read_bytes()).hexdigest()
    assert f"| `model.safetensors` | `{base}` |" in card.text
