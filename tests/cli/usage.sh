# Usage errors: a message, exit 2, nothing on standard output.
small_log >a.log
exits 2 "$SPAMSOURCE" --no-such-option a.log
exits 2 "$SPAMSOURCE" -f yaml a.log
exits 2 "$SPAMSOURCE" --tz Mars/Olympus a.log
exits 2 "$SPAMSOURCE" --since yesteryear a.log
exits 2 "$SPAMSOURCE" --fail-on 'own.compromised>' a.log
exits 2 "$SPAMSOURCE" -c missing.yaml a.log
exits 2 "$SPAMSOURCE" explain
exits 2 "$SPAMSOURCE" --tz '' a.log
exits 2 "$SPAMSOURCE" --host '' a.log
