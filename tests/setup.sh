#!/bin/sh
# Installs what is missing on a Debian machine, and says so first.
# usage: setup.sh build|test      to build; to run all tests too
#        setup.sh lab             to run "make lab": no mail server comes to this machine
#        setup.sh office          LibreOffice too, for make check-office: large
#        setup.sh own-log PROGRAM says how to read this machine's own log; installs nothing
# All there: does nothing, without root too.  Needs apt-get, and root or sudo, only if not.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)

build_packages="gcc libc6-dev make pkg-config libpcre2-dev libyaml-dev libzstd-dev zlib1g-dev
    libpsl-dev libxxhash-dev"
# Debian has it for some architectures only; without it .gz are read by zlib, slower.
optional_packages="libisal-dev"
test_packages="libcmocka-dev clang libclang-rt-14-dev mandoc shellcheck gzip zstd diffutils
    bsdutils tzdata systemd systemd-journal-remote rsyslog chromium-headless-shell
    fonts-liberation perl pflogsumm python3 sqlite3 zsh fish strace"
lab_packages="make debootstrap iproute2 openssl python3 zstd"

die() {
	echo "setup: $*" >&2
	exit 1
}

installed() {
	dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed
}

# as_root COMMAND...
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

apt_install() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
	    -o Dpkg::Use-Pty=0 install "$@" </dev/null
}

install_missing() {
	missing=
	for package in $1; do
		installed "$package" || missing="$missing $package"
	done
	if [ -z "$missing" ]; then
		echo "setup: all Debian packages for this are installed"
		return
	fi
	echo "setup: Debian packages to install:$missing"
	command="apt-get install --no-install-recommends$missing"
	if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
		die "this needs root, please run as root: $command"
	fi
	log=$(mktemp)
	trap 'rm -f "$log"' EXIT
	# shellcheck disable=SC2086 # the packages are words
	if ! apt-get --simulate -q --no-install-recommends install $missing >/dev/null 2>&1; then
		echo "setup: apt-get update"
		as_root apt-get -q update </dev/null >"$log" 2>&1 || :
	fi
	echo "setup: $command"
	# Package lists may be older than the archive: then once more with new ones.
	# shellcheck disable=SC2086
	if ! apt_install $missing >>"$log" 2>&1; then
		as_root apt-get -q update </dev/null >>"$log" 2>&1 || :
		apt_install $missing >>"$log" 2>&1 || {
			tail -n 20 "$log" >&2
			die "apt-get failed; the command was: $command"
		}
	fi
	rm -f "$log"
}

install_optional() {
	for package in $1; do
		if installed "$package" || ! apt-cache show "$package" >/dev/null 2>&1; then
			continue
		fi
		if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
			echo "setup: left out, optional: $package"
			continue
		fi
		install_missing "$package"
	done
}

# install_npm FROM TO NAMES: npm packages at the versions of FROM/package-lock.json.
install_npm() {
	to=$top/$2
	if [ -d "$to/node_modules" ] && cmp -s "$top/$1/package-lock.json" "$to/package-lock.json"
	then
		echo "setup: $3: installed in $2"
		return
	fi
	echo "setup: npm ci, in $2: $3"
	mkdir -p "$to"
	cp "$top/$1/package.json" "$to/"
	cp "$top/$1/package-lock.json" "$to/package-lock.new"
	# The lock file appears last under its name: a broken installation is tried again.
	rm -f "$to/package-lock.json"
	cp "$to/package-lock.new" "$to/package-lock.json"
	if ! (cd "$to" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error </dev/null)
	then
		rm -f "$to/package-lock.json"
		die "npm ci failed in $2"
	fi
	rm -f "$to/package-lock.new"
}

# Programs of Debian packages that would install a service too, or much more than they are needed
# for: unpacked beside each other in build/deb.  unpack PROGRAM PACKAGE...
unpack() {
	to=$top/build/deb
	if [ -x "$to/$1" ]; then
		echo "setup: $(basename "$1") is in build/deb"
		return
	fi
	program=$1
	shift
	echo "setup: unpacked into build/deb:" "$@"
	mkdir -p "$to/new"
	(cd "$to/new" && { apt-get -q download "$@" >/dev/null 2>&1 ||
	    { as_root apt-get -q update </dev/null >/dev/null 2>&1
	    apt-get -q download "$@" >/dev/null; }; }) || die "apt-get download failed: $*"
	for deb in "$to"/new/*.deb; do
		dpkg -x "$deb" "$to"
	done
	rm -rf "$to/new"
	[ -x "$to/$program" ] || die "no $program in $*"
}

# What a package needs and this machine has not.
not_installed() {
	apt-get -s --no-install-recommends install "$@" | sed -n 's/^Inst \([^ ]*\).*/\1/p'
}

# eximstats is compared with, and its package would bring Exim along: only its files, in build/tools.
fetch_eximstats() {
	to=$top/build/tools
	if [ -e "$to/usr/sbin/eximstats" ]; then
		echo "setup: eximstats is in build/tools"
		return
	fi
	echo "setup: apt-get download exim4-base, in build/tools"
	mkdir -p "$to"
	(cd "$to" && apt-get -q download exim4-base && dpkg-deb -x exim4-base_*.deb .) \
	    >/dev/null 2>&1 || die "eximstats could not be fetched: apt-get download exim4-base"
	rm -f "$to"/exim4-base_*.deb
}

own_log() {
	for log in /var/log/mail.log /var/log/maillog /var/log/exim4/mainlog \
	    /var/log/exim/mainlog; do
		if [ -s "$log" ]; then
			may=
			[ -r "$log" ] || may="sudo "
			echo "Now this machine's own log:  $may$1 $log"
			return
		fi
	done
	if command -v journalctl >/dev/null 2>&1; then
		echo "No mail log in /var/log; the journal may have it:"
	else
		echo "This machine has no mail log and no journal. On a mail host with systemd:"
	fi
	echo "    journalctl -o short-iso --facility=mail --since yesterday | $1 -"
}

case ${1:-} in
build)
	install_missing "$build_packages"
	install_optional "$optional_packages" ;;
test)
	# Node.js from elsewhere brings npm along, and Debian's would not fit it.
	node=
	command -v npm >/dev/null 2>&1 || node="nodejs npm"
	install_missing "$build_packages $test_packages $node"
	install_optional "$optional_packages"
	install_npm tests/schema build/npm "ajv-cli ajv-formats"
	install_npm tests/html build/npm-html "playwright-core axe-core html-validate"
	fetch_eximstats
	unpack usr/bin/promtool prometheus ;;
lab)
	install_missing "$lab_packages" ;;
office)
	# shellcheck disable=SC2046 # packages are words
	unpack usr/lib/libreoffice/program/soffice.bin \
	    $(not_installed libreoffice-calc-nogui libreoffice-core-nogui)
	# It looks for itself where a package would be installed, and for what dpkg copies to /etc.
	to=$top/build/deb
	sed -i "s|file:///usr/|file://$to/usr/|g; s|file:///var/|file://$to/var/|g
	    s|file:///etc/libreoffice/registry|file://$to/usr/lib/libreoffice/share/.registry|g" \
	    "$to"/usr/lib/libreoffice/program/*rc ;;
own-log)
	own_log "${2:-spamsource}" ;;
*)
	echo "usage: setup.sh build|test|lab|office" >&2
	exit 2 ;;
esac
