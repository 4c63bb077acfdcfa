#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# flood-response-parts - settings, commands and the record of flood-response
#
# Read by flood-response, which owns the variables.
# shellcheck disable=SC2034,SC2154
# --- settings -------------------------------------------------------------

set_defaults() {
	scanner_status='systemctl is-active --quiet mailscanner'
	scanner_stop='systemctl stop mailscanner'
	scanner_start='systemctl start mailscanner'
	scanner_wait=60
	qstat=qstat qblock=qblock qflush=qflush sendmail=/usr/sbin/sendmail
	queues='' access_map='' sendmail_cf='' smtp_ports=25
	expire=24h reply=REJECT rescan=20 pause=5s max='' release_rate=''
	records=/var/lib/mqueue-plugins/floods
}

# set_one KEY WORDS: no value has a meaning to a shell.
set_one() {
	case $1 in
	scanner_status) scanner_status=$2 ;;
	scanner_stop) scanner_stop=$2 ;;
	scanner_start) scanner_start=$2 ;;
	scanner_wait) scanner_wait=$2 ;;
	qstat) qstat=$2 ;;
	qblock) qblock=$2 ;;
	qflush) qflush=$2 ;;
	sendmail) sendmail=$2 ;;
	queue) queues="$queues -q $2" ;;
	access_map) access_map=$2 ;;
	sendmail_cf) sendmail_cf=$2 ;;
	smtp_ports) smtp_ports=$2 ;;
	expire) expire=$2 ;;
	reply) reply=$2 ;;
	rescan) rescan=$2 ;;
	pause) pause=$2 ;;
	max) max=$2 ;;
	release_rate) release_rate=$2 ;;
	records) records=$2 ;;
	*) return 1 ;;
	esac
}

# read_settings FILE: lines of KEY WORDS...; # begins a comment.
read_settings() {
	[ -f "$1" ] || die "$1: no such file"
	line=0
	while read -r key value || [ -n "$key" ]; do
		line=$((line + 1))
		case $key in
		'' | '#'*) continue ;;
		esac
		set_one "$key" "$value" ||
			die "$1, line $line: unknown setting '$key'"
	done <"$1"
	case $scanner_wait$rescan$smtp_ports in
	*[!0-9\ ]*) die "$1: scanner_wait, rescan, smtp_ports: no number" ;;
	esac
	case $records in
	/*) ;;
	*) die "$1: records: '$records' is no absolute path" ;;
	esac
}

# --- commands -------------------------------------------------------------

# words SETTING ARGUMENT...: runs the words of a setting, and the arguments.
words() {
	(become "$@")
}

# The same in the place of this process.
become() {
	setting=$1
	shift
	set -f
	# shellcheck disable=SC2086 # words are meant
	set -- $setting "$@"
	set +f
	exec "$@"
}

run_qblock() {
	words "$qblock" "$@" ${access_map:+--map "$access_map"} \
	    ${sendmail_cf:+--cf "$sendmail_cf"}
}

run_qstat() {
	words "$qstat$queues" "$@"
}

# run_qflush ACTION ARGUMENT...: so that a signal interrupts it.
run_qflush() {
	action_option=--$1
	shift
	become "$qflush$queues" "$action_option" "$@" "$address" \
	    ${newer:+"newer:$newer"} &
	child=$!
	wait "$child"
	status=$?
	child=
	return "$status"
}

# How many messages of the address are queued.
count() {
	run_qstat --messages "$address" -n 0 --tsv 2>/dev/null |
		awk 'END { print (NR > 0 ? NR - 1 : 0) }'
}

scanner_runs() {
	words "$scanner_status" </dev/null >/dev/null 2>&1
	status=$?
	case $status in
	126 | 127) die "scanner_status: cannot run '$scanner_status'" ;;
	esac
	return "$status"
}

# scanner_is runs|off: waits for that.
scanner_is() {
	tries=$scanner_wait
	while :; do
		if scanner_runs; then is=runs; else is=off; fi
		[ "$is" != "$1" ] || return 0
		[ "$tries" -gt 0 ] || return 1
		tries=$((tries - 1))
		sleep 1
	done
}

# sessions OPTION: the open SMTP sessions of the address, by ss.
sessions() {
	ports=
	for port in $smtp_ports; do
		ports="$ports${ports:+ or }sport = :$port"
	done
	ss "$1" state established "dst $address and ( $ports )"
}

open_sessions() {
	if command -v ss >/dev/null; then
		sessions -Htn | awk 'END { print NR }'
	else
		echo 'unknown, there is no ss'
	fi
}

# --- the record -----------------------------------------------------------

now() {
	date -u +%Y-%m-%dT%H:%M:%SZ
}

# A time in seconds since 1970, by the date(1) of GNU or of BSD.
utc() {
	date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null ||
		date -u -r "$1" +%Y-%m-%dT%H:%M:%SZ
}

# To the operator, wherever standard output goes now, and to the timeline.
say() {
	printf '%s\n' "$*" >&3
	[ ! -d "$record" ] ||
		printf '%s %s\n' "$(now)" "$*" >>"$record/timeline.txt"
}

# show FILE: what a command said, to the operator.
show() {
	sed 's/^/     /' "$1"
}

# note KEY VALUE: what undo has to know. noted KEY [RECORD]: the last value.
note() {
	printf '%s %s\n' "$1" "$2" >>"$record/state"
}

noted() {
	sed -n "s/^$1 //p" "${2:-$record}/state" | tail -n 1
}

# There is one response at a time. The link leads to the number of its process.
lock() {
	# What is above it is for others, too: plugins keep their history there.
	{ (umask 022 && mkdir -p "${records%/*}/") && mkdir -p "$records"; } ||
		die "$records: cannot be made"
	until ln -s $$ "$records/lock" 2>/dev/null; do
		other=$(readlink "$records/lock") || continue
		! kill -0 "$other" 2>/dev/null ||
			die "another flood-response runs: process $other"
		rm -f "$records/lock"
	done
	locked=yes
}

make_record() {
	name=$(date -u +%Y%m%dT%H%M%SZ)-$(printf %s "$address" | tr :/ __)
	until mkdir "$records/$name" 2>/dev/null; do
		[ -d "$records/$name" ] ||
			die "$records/$name cannot be made: nothing was done"
		name=${name}a
	done
	record=$records/$name
	note address "$address"
	note name "$name"
	mv "$plan/block" "$record/access.diff"
	mv "$plan/flush" "$record/qflush-plan.txt"
	rm -rf "$plan"
	[ -z "$config" ] || cp "$config" "$record/settings"
	say "record: $record"
	run_qstat >"$record/qstat.txt" 2>&1
	run_qstat --json >"$record/qstat.json" 2>&1
	run_qstat --messages "$address" -n 0 --tsv >"$record/messages.tsv"
	sessions -tn >"$record/sessions.txt" 2>&1
	file=$(sed -n 's/^\(\/.*\):$/\1/p' "$record/access.diff")
	[ ! -f "$file" ] || cp -p "$file" "$record/access.before"
	keep_examples
	abuse_report >"$record/abuse-report.txt"
}

# Five control files: as qstat shows them, and a copy.
keep_examples() {
	mkdir "$record/examples"
	sed -n '2,6s/	.*//p' "$record/messages.tsv" | while read -r id; do
		case $id in
		*[!A-Za-z0-9]*) continue ;;
		esac
		run_qstat --show "$id" >"$record/examples/$id.txt" 2>&1
		file=$(sed -n '1s/^== \(.*\) (.*/\1/p' \
		    "$record/examples/$id.txt")
		[ ! -f "$file" ] || [ -L "$file" ] ||
			cp -p "$file" "$record/examples/"
	done
}

abuse_report() {
	awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	    { t = $c["arrival"]
	    if (NR == 2 || t < first) first = t
	    if (t > last) last = t
	    if (seen[$c["sender"]]++ == 0) senders++ }
	    END { n = NR > 1 ? NR - 1 : 0
	    print n, senders + 0, first + 0, last + 0 }
	    ' "$record/messages.tsv" | {
		read -r messages senders first last
		cat <<EOF
To: (whois $address names the abuse contact of its network)
Subject: unsolicited bulk mail from $address

Your host $address sent unsolicited bulk mail to our server
$(uname -n).

  messages in our queue  $messages
  different senders      $senders
  first                  $(utc "$first")
  last                   $(utc "$last")

Examples, as our server stored them. The address in the line that begins with
\$_ is what our server saw; all the rest is what the client said.
EOF
	}
	for file in "$record/examples"/*.txt; do
		[ ! -f "$file" ] || { echo && sed 's/^/  /' "$file"; }
	done
}

