# Parts that cannot be used, and what a part cannot do.
small_log >a.log
try() {
	local rc=0
	report "$@" >out 2>err || rc=$?
	sed 's/match hash [0-9a-f]*, here [0-9a-f]*/match hash X, here Y/; s/but [0-9]* were/but N were/' err
	echo "exit code $rc, $(wc -l <out) lines"
}
try map a.log -o a.part
try merge a.part
# A part tells what was missing when it was made.
try map a.log missing.log -o partial.part
try merge partial.part
head -c 100 a.part >cut.part
try cut.part
cp a.part flip.part
printf '\377' | dd of=flip.part bs=1 seek=200 conv=notrunc 2>/dev/null
try merge flip.part a.part
printf 'own:\n  networks: [192.0.2.0/24]\n' >own.yaml
try -c own.yaml a.part
try merge a.log
try merge a.part missing.part
try map a.log
try map -f json a.log -o b.part
try map a.log -o missing/b.part
try merge
try --seq 1 a.log
try map --seq x a.log -o b.part
try -f jsonl a.part
try explain 192.0.2.1 a.part
try dump events a.part
try --since 2026-01-01 a.part
try dump part
: >big.log
# The same twice, once it is large enough for that not to be chance.
while [ "$(wc -c <big.log)" -lt 200000 ]; do cat "$SAMPLE" >>big.log; done
try map big.log -o big.part
cp big.part copy.part
try merge big.part copy.part
try big.part big.log
# A FIFO beside a part is opened once only.
mkfifo log.fifo
cat a.log >log.fifo &
try log.fifo big.part
wait
