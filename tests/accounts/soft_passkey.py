"""A passkey made of software, as a device and its browser would answer the site."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

_PRESENT_AND_VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


@dataclass
class SoftPasskey:
    """One credential for one site; `origin` is where the browser says it is."""

    origin: str = "http://localhost"
    rp_id: str = "localhost"
    credential_id: bytes = b"a passkey of the tests"
    user_handle: str = ""
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def _data(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(
            type=kind, challenge=websafe_decode(challenge), origin=self.origin
        )

    def _device_data(self, **more: Any) -> AuthenticatorData:
        rp = hashlib.sha256(self.rp_id.encode()).digest()
        flags = _PRESENT_AND_VERIFIED
        if more:
            flags |= AuthenticatorData.FLAG.AT
        return AuthenticatorData.create(rp, flags, 1, **more)

    def made(self, options: dict[str, Any]) -> str:
        """Answer a request to make a passkey."""
        wanted = options["publicKey"]
        self.user_handle = wanted["user"]["id"]
        credential = AttestedCredentialData.create(
            b"\0" * 16, self.credential_id, ES256.from_cryptography_key(self.key.public_key())
        )
        attestation = AttestationObject.create(
            "none", self._device_data(credential_data=credential), {}
        )
        return self._answer(
            self._data("webauthn.create", wanted["challenge"]),
            {"attestationObject": websafe_encode(bytes(attestation))},
            {"credProps": {"rk": True}},
        )

    def used(self, options: dict[str, Any]) -> str:
        """Answer a request to show the passkey."""
        client = self._data("webauthn.get", options["publicKey"]["challenge"])
        device = self._device_data()
        signature = self.key.sign(bytes(device) + client.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            client,
            {
                "authenticatorData": websafe_encode(bytes(device)),
                "signature": websafe_encode(signature),
                "userHandle": self.user_handle,
            },
            {},
        )

    def _answer(
        self, client: CollectedClientData, response: dict[str, str], results: dict[str, Any]
    ) -> str:
        name = websafe_encode(self.credential_id)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": {"clientDataJSON": websafe_encode(bytes(client)), **response},
                "clientExtensionResults": results,
            }
        )
