# --fail-on: 10 when it holds, 0 when not; the report is written all the same.
own=$CASES/compromised-own-postfix
exits 10 report --fail-on 'own.compromised>0' -f jsonl "$own" >failed
report -f jsonl "$own" >plain
same plain failed
exits 0 report --fail-on 'own.compromised>1' -q -o out "$own"
exits 10 report --fail-on 'own.compromised>=1' -q -o out "$own"
exits 10 report --fail-on ' own.compromised == 1 ' -q -o out "$own"
exits 10 report --fail-on 'own.misconfigured!=1' -q -o out "$own"
exits 0 report --fail-on 'own.compromised>0' -q "$CASES/zombie-postscreen-postfix"
exits 10 report --fail-on 'zombie>0' -q "$CASES/zombie-postscreen-postfix"
exits 0 report --fail-on 'own.compromised<1' -q -o out "$own"
exits 0 report --fail-on 'bad>0' -q -o out "$own"
exits 10 report --fail-on 'own.misconfigured>0' -q -o out "$CASES/misconfigured-openrelay-own-exim"
exits 0 report --fail-on 'own.misconfigured>0' -q "$CASES/ham-gateway-exim"
# An input in trouble does not hide the alarm; the output that failed does.
exits 10 report --fail-on 'own.compromised>0' -q -o out "$own" missing.log
exits 3 report --fail-on 'own.compromised>0' -q -o nowhere/out "$own"
small_log >a.log
refused report --fail-on 'own.zombies>0' a.log
refused report --fail-on 'zombie=1' a.log
refused report --fail-on 'zombie>-1' a.log
# Several: 10 when one of them holds, whichever stands first; a wrong one is found wherever it is.
exits 10 report --fail-on 'own.compromised>0' --fail-on 'own.zombie>9' -q -o out "$own"
exits 10 report --fail-on 'own.zombie>9' --fail-on 'own.compromised>0' -q -o out "$own"
exits 0 report --fail-on 'own.zombie>9' --fail-on 'own.compromised>9' -q -o out "$own"
refused report --fail-on 'own.zombies>0' --fail-on 'zombie>0' a.log
