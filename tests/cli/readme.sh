# The first screen that README.md shows is what the command above it prints.
readme=$FIXTURES/../README.md
awk '/^<!-- FIRST SCREEN/ { on = 1; next } on && /^```/ { if (seen++) exit; next } on && seen' "$readme" >wanted
"$SPAMSOURCE" --tz UTC --now 2026-12-31T00:00:00Z "$SAMPLE" >got
same wanted got
awk 'length > 80' got
[ "$(wc -l <got)" -le 40 ] && echo "at most 40 lines"
