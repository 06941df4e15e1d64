# The first screen that README.md shows is what the command above it prints.
readme=$FIXTURES/../README.md
awk '/^<!-- FIRST SCREEN/ { on = 1; next } on && /^```/ { if (seen++) exit; next } on && seen' "$readme" >wanted
report -f text "$SAMPLE" >got
same wanted got
awk 'length > 80' got
[ "$(wc -l <got)" -le 40 ] && echo "at most 40 lines"
