# Compressed files are decoded ahead by a thread of their own, and gzip from a file not by zlib: that
# changes neither report nor messages nor exit code, also when a file is cut or damaged.
{ small_log; more_lines 20000; } >a.log
gzip -n -c a.log >whole.gz
zstd -q -c a.log >whole.zst
for z in gz zst; do
	n=$(wc -c <whole.$z)
	head -c $((n * 3 / 4)) whole.$z >cut.$z
	cp whole.$z damaged.$z
	printf 'damaged here' | dd of=damaged.$z bs=1 seek=$((n * 2 / 3)) conv=notrunc status=none
	cp whole.$z checksum.$z
	printf '\000\000' | dd of=checksum.$z bs=1 seek=$((n - (${#z} == 2 ? 6 : 2))) conv=notrunc \
	    status=none
	{ cat whole.$z; echo text; } >behind.$z
	{ cat whole.$z whole.$z; } >twice.$z
done
# run INTO OPTION-OR-FILE...
run() {
	local into=$1 rc=0
	shift
	report -f json "$@" 2>"$into.err" | no_files >"$into" || rc=$?
	echo "exit code $rc" >>"$into"
	sed -i 's/^spamsource: [^:]*: //' "$into.err"
}
for f in whole twice cut damaged checksum behind; do
	for z in gz zst; do
		run one -j 1 $f.$z
		run default $f.$z
		run two -j 2 $f.$z
		run seven -j 7 a.log $f.$z
		run seven-alone -j 1 a.log $f.$z
		cat $f.$z | run piped -
		for as in default two piped; do
			cmp one $as && cmp one.err $as.err || exit 1
		done
		cmp seven seven-alone && cmp seven.err seven-alone.err || exit 1
		echo "$f.$z: $(tail -n 1 one) $(sed 's/ (.*//' one.err)"
	done
done
# The reader goes away early.
for z in gz zst; do
	timeout 60 "$SPAMSOURCE" dump events --year 2026 --tz UTC -j 2 twice.$z | head -n 1 || :
done
