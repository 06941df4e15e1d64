# spamsource: GNU make, no configure. "make" leaves ./spamsource; "make help" names the targets.
# From outside: CC HOST_CC CFLAGS LDFLAGS LDLIBS PREFIX DESTDIR BUILD, WERROR=1, ISAL=no.

VERSION = 0.1.0

CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
BUILD ?= build
PROGRAM ?= spamsource
FUZZ_SECONDS ?= 60
SAMPLE ?= fixtures/sample/mail.log
# The sample was recorded on one day of this year, in UTC: so the report is the same everywhere.
SAMPLE_OPTIONS ?= --tz UTC --now 2026-12-31T00:00:00Z

WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes $(WARN_MORE)
ifeq ($(WERROR),1)
WARNINGS += -Werror
endif

PKGS = libpcre2-8 yaml-0.1 libzstd zlib libpsl
PKG_CONFIG ?= pkg-config
ifeq ($(shell $(PKG_CONFIG) --exists $(PKGS) 2>/dev/null && echo yes),yes)
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS))
PKG_LIBS := $(shell $(PKG_CONFIG) --libs $(PKGS))
else
PKG_LIBS := -lpcre2-8 -lyaml -lzstd -lz -lpsl -pthread
endif

# ISA-L inflates several times faster than zlib. Its header is enough to build: the library is
# looked for when the program meets a .gz.
ISAL ?= $(shell $(CC) $(CPPFLAGS) -E -include isa-l.h -x c /dev/null >/dev/null 2>&1 && echo yes)
ifeq ($(ISAL),yes)
PKG_CFLAGS += -DHAVE_ISAL
PKG_LIBS += -ldl
endif

# V=1 shows the commands whole.
ifneq ($(V),1)
Q = @
SAY = @echo "  $(1) $@"
endif

COMPILE = $(CC) -std=c11 -I. $(WARNINGS) -DVERSION='"$(VERSION)"' \
    $(PKG_CFLAGS) $(CPPFLAGS) $(CFLAGS)
LINK = $(CC) $(CFLAGS) $(LDFLAGS)
LIBS = $(PKG_LIBS) -lm $(LDLIBS)

# Everything but cli/ is one archive, so that tests link what they need.
LIB_SRC := $(sort $(wildcard base/*.c parser/*.c classify/*.c report/*.c))
CLI_SRC := $(sort $(wildcard cli/*.c))
RULES := $(sort $(wildcard rules/*.yaml))
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))

LIB = $(BUILD)/libspamsource.a
LIB_OBJ = $(LIB_SRC:%.c=$(BUILD)/%.o) $(BUILD)/builtin_rules.o $(BUILD)/html_style.o
CLI_OBJ = $(CLI_SRC:%.c=$(BUILD)/%.o)
CLI_PARTS = $(filter-out %/main.o,$(CLI_OBJ))
UNIT = $(UNIT_SRC:%.c=$(BUILD)/%)
FUZZ = $(FUZZ_SRC:%.c=$(BUILD)/%)
REPLAY = $(FUZZ_SRC:tests/fuzz/fuzz_%.c=$(BUILD)/tests/fuzz/replay_%)

.PHONY: all check check-asan check-office check-tsan check-hostile check-programs fuzz \
	fuzz-programs \
	bench lab ablation lint objects install clean setup demo demo-run help FORCE
.DELETE_ON_ERROR:
.SECONDARY:

all: $(PROGRAM)

$(PROGRAM): $(CLI_OBJ) $(LIB)
	$(call SAY,LD)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $(CLI_OBJ) $(LIB) $(LIBS)

$(LIB): $(LIB_OBJ) $(BUILD)/sources
	@rm -f $@
	@$(AR) rcs $@ $(LIB_OBJ)

# These files change only when their content does: other flags build everything anew, a file that
# came or went links anew.
write_if_changed = @mkdir -p $(@D); printf '%s\n' '$(subst ','\'',$(1))' | cmp -s - $@ || \
	    printf '%s\n' '$(subst ','\'',$(1))' >$@
$(BUILD)/flags: FORCE
	$(call write_if_changed,$(COMPILE) | $(LDFLAGS) $(LIBS))
$(BUILD)/sources: FORCE
	$(call write_if_changed,$(LIB_SRC) $(CLI_SRC) $(RULES))

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call SAY,CC)
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

# The shipped rules, parsed at build time. HOST_CC: the compiler of this machine, when CC's programs
# run on another one.
HOST_CC ?= $(CC)
PACK_SRC = cli/embed/pack.c $(patsubst %,base/%.c,yamltree arena problem slice table)
$(BUILD)/pack: $(PACK_SRC) $(wildcard base/*.h) $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) -std=c11 -I. $(WARNINGS) $(PKG_CFLAGS) $(CPPFLAGS) $(LDFLAGS) -o $@ \
	    $(PACK_SRC) $(PKG_LIBS)

$(BUILD)/builtin_rules.c: $(RULES) $(BUILD)/pack $(BUILD)/sources
	@$(BUILD)/pack $(RULES) >$@

$(BUILD)/builtin_rules.o: $(BUILD)/builtin_rules.c cli/builtin_rules.h
	$(Q)$(COMPILE) -c -o $@ $<

# The style sheet of the HTML report as a C text, without its indents and comments.
$(BUILD)/html_style.c: report/html.css
	@mkdir -p $(@D)
	@{ echo '#include "report/html_private.h"'; echo 'const char html_style[] ='; \
	    sed -e '/^\/\*/,/\*\//d' -e 's/^[[:blank:]]*//' -e '/^$$/d' -e 's/[\"]/\\&/g' \
	    -e 's/.*/"&\\n"/' $<; echo ';'; } >$@

$(BUILD)/html_style.o: $(BUILD)/html_style.c report/html_private.h $(BUILD)/flags
	$(Q)$(COMPILE) -c -o $@ $<

# Tests. One cmocka program for each tests/unit/test_*.c, linked with all but main(); each fuzz
# target twice: with libFuzzer (make fuzz) and with a plain driver that replays files (make check).
$(UNIT): $(BUILD)/%: $(BUILD)/%.o $(CLI_PARTS) $(LIB)
	$(call SAY,LD)
	$(Q)$(LINK) -o $@ $< $(CLI_PARTS) $(LIB) -lcmocka $(LIBS)

$(REPLAY): $(BUILD)/tests/fuzz/replay_%: $(BUILD)/tests/fuzz/fuzz_%.o \
    $(BUILD)/tests/fuzz/replay.o $(LIB)
	$(call SAY,LD)
	$(Q)$(LINK) -o $@ $< $(BUILD)/tests/fuzz/replay.o $(LIB) $(LIBS)

$(FUZZ): $(BUILD)/%: $(BUILD)/%.o $(LIB)
	$(call SAY,LD)
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $< $(LIB) $(LIBS)

ALL_PARTS = unit cli cases lab replay corpus schema formats html lint
check-programs: $(PROGRAM) $(UNIT) $(REPLAY)

check: check-programs
	@bash tests/check.sh $(BUILD) $(PROGRAM) $(or $(PARTS),$(ALL_PARTS))

SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
check-asan:
	+@$(MAKE) --no-print-directory check BUILD=$(BUILD)/asan PROGRAM=$(BUILD)/asan/spamsource \
	    CFLAGS='-O1 -g $(SANITIZE)' PARTS='$(or $(PARTS),unit cli cases replay schema)'

# The tables in LibreOffice too, which is some 300 MB in build/deb.
check-office: $(PROGRAM)
	@sh tests/setup.sh office
	@OFFICE="$(abspath build/deb/usr/lib/libreoffice/program/soffice)" \
	    LD_LIBRARY_PATH="$$(find build/deb/usr/lib -name '*.so*' -printf '$(CURDIR)/%h\n' | \
	    sort -u | paste -sd:)" \
	    SPAMSOURCE=$(PROGRAM) bash tests/formats/run.sh office

# What runs in several threads, and all logs of the lab by four of them.
check-tsan:
	+@$(MAKE) --no-print-directory BUILD=$(BUILD)/tsan PROGRAM=$(BUILD)/tsan/spamsource \
	    CFLAGS='-O1 -g -fsanitize=thread' $(BUILD)/tsan/spamsource \
	    $(BUILD)/tsan/tests/unit/test_fold
	@SPAMSOURCE=$(BUILD)/tsan/spamsource TEST_FOLD=$(BUILD)/tsan/tests/unit/test_fold \
	    bash tests/tsan.sh

FUZZ_CC ?= $(firstword $(shell for c in clang clang-14; do command -v $$c; done) clang)
fuzz-programs: $(FUZZ)
fuzz:
	+@$(MAKE) --no-print-directory fuzz-programs BUILD=$(BUILD)/fuzz CC=$(FUZZ_CC) \
	    CFLAGS='-O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link'
	@FUZZ_SECONDS=$(FUZZ_SECONDS) bash tests/fuzz/run.sh $(BUILD)/fuzz

# Logs made to hurt, each under a limit of memory: a few minutes.
check-hostile: $(PROGRAM)
	@bash tests/hostile.sh $(PROGRAM)

lint:
	@BUILD=$(BUILD) MAKE='$(MAKE)' bash tests/lint.sh

objects: $(LIB_OBJ) $(CLI_OBJ) $(UNIT_SRC:%.c=$(BUILD)/%.o) $(FUZZ_SRC:%.c=$(BUILD)/%.o)

BENCH_CFLAGS = -std=c11 -O2 -Wall -Wextra
$(BUILD)/bench/genlog: $(wildcard tests/bench/gen*.[ch])
	@mkdir -p $(@D)
	$(CC) $(BENCH_CFLAGS) -o $@ $(filter %.c,$^)
$(BUILD)/bench/pair: tests/bench/pair.c
	@mkdir -p $(@D)
	$(CC) $(BENCH_CFLAGS) -o $@ $<
bench: $(PROGRAM) $(BUILD)/bench/genlog $(BUILD)/bench/pair
	SPAMSOURCE=$(PROGRAM) GENLOG=$(BUILD)/bench/genlog PAIR=$(BUILD)/bench/pair \
	    bash tests/bench/bench.sh

lab:
	bash fixtures/lab/run.sh

# What each kind of evidence is worth on the lab's frozen logs; tests/lab/expect-ablation.txt.
ablation: $(PROGRAM)
	SPAMSOURCE=$(PROGRAM) node tests/lab/measure.mjs ablation
	cat tests/lab/expect-ablation.txt

SHARE = $(DESTDIR)$(PREFIX)/share
COMPLETIONS = bash-completion/completions/spamsource zsh/site-functions/_spamsource \
    fish/vendor_completions.d/spamsource.fish
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
	    $(DESTDIR)$(PREFIX)/share/spamsource/rules $(DESTDIR)$(PREFIX)/share/doc/spamsource
	install -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/spamsource
	install -m 644 spamsource.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 $(RULES) $(wildcard rules/README.md) \
	    $(DESTDIR)$(PREFIX)/share/spamsource/rules/
	install -m 644 $(wildcard report/*.schema.json) $(DESTDIR)$(PREFIX)/share/spamsource/
	install -m 644 README.md LICENSE $(DESTDIR)$(PREFIX)/share/doc/spamsource/
	install -d $(addprefix $(SHARE)/,$(dir $(COMPLETIONS)) spamsource/contrib)
	for f in report/contrib/*; do sed 's|/usr/local/bin/|$(PREFIX)/bin/|' "$$f" \
	    >$(SHARE)/spamsource/contrib/"$${f##*/}" || exit 1; done
	$(abspath $(PROGRAM)) completion bash >$(SHARE)/$(word 1,$(COMPLETIONS))
	$(abspath $(PROGRAM)) completion zsh >$(SHARE)/$(word 2,$(COMPLETIONS))
	$(abspath $(PROGRAM)) completion fish >$(SHARE)/$(word 3,$(COMPLETIONS))

clean:
	rm -rf $(BUILD) $(PROGRAM)

setup:
	sh tests/setup.sh test

# A second make, because the libraries that this one looked for may come only now.
demo:
	@sh tests/setup.sh build
	+@$(MAKE) --no-print-directory demo-run

demo-run: $(PROGRAM)
	@printf '\n$$ ./%s %s %s\n\n' '$(PROGRAM)' '$(SAMPLE_OPTIONS)' '$(SAMPLE)'
	@./$(PROGRAM) $(SAMPLE_OPTIONS) $(SAMPLE)
	@sh tests/setup.sh own-log ./$(PROGRAM)

help:
	@echo "all check check-asan check-office check-tsan check-hostile fuzz bench lab ablation"
	@echo "lint install clean setup; demo: on a shipped log"
	@echo "ISAL=no: do not look for ISA-L (libisal-dev), which reads .gz faster than zlib"
	@echo "check: PARTS='$(ALL_PARTS)'; fuzz: FUZZ_SECONDS=$(FUZZ_SECONDS)"
	@echo "bench: BENCH_FULL=1 for the goals' own sizes; more is told in tests/bench/bench.sh"

-include $(wildcard $(BUILD)/*/*.d $(BUILD)/tests/*/*.d)
