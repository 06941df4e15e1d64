# Several -f, each with its -o, from one reading; the same as each alone.
report -f json -o a.json -f jsonl -o a.jsonl -f text -o a.text "$SAMPLE"
reports alone "$SAMPLE"
no_files <a.json >a.j && mv a.j a.json
same alone.json a.json
same alone.jsonl a.jsonl
same alone.text a.text
report -f jsonl -o - -f json -o b.json "$SAMPLE" >stdout
same alone.jsonl stdout
report "$SAMPLE" >text
same alone.text text
ls
