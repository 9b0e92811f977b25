"""`snapshot`: exports become cards, a commit each, and pushed copies."""

from __future__ import annotations

from li_vault.vault.accounts import Recorded
from li_vault.vault.dating import PassedOver
from li_vault.vault.recording import Progress
from li_vault.vault.recording import Recording as Result
from li_vault.vault.recording import record as run

__all__ = ["PassedOver", "Progress", "Recorded", "Result", "run"]
