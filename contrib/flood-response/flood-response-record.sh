#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# flood-response-record - the lock and the record of a response
#
# Read by flood-response, which owns the variables. A record is what undo goes
# by, and its settings name programs that run as root. So a directory that
# somebody else may write to is refused before anything in it is read, and of
# a line nothing is used but what flood-response writes. No shell reads it.
# shellcheck disable=SC2034,SC2154
# --- the lock -------------------------------------------------------------

# By flock(1), or, where there is none, by flock(2) in perl, on a descriptor
# that this shell keeps: a lock that no process holds does not count.
lock_descriptor() {
	if command -v flock >/dev/null; then
		flock -n 8
	else
		perl -e 'use Fcntl ":flock"; open my $f, ">>&=8" or exit 2;
		    exit !flock $f, LOCK_EX | LOCK_NB'
	fi
}

# Nobody else may write to the directory of records; it is made, if need be.
open_records() {
	# What is above it is for others, too: plugins keep their history there.
	{ (umask 022 && mkdir -p "${records%/*}/") && mkdir -p "$records"; } ||
		die "$records: cannot be made"
	physical=$(cd -P -- "${records%/*}/" && pwd -P) ||
		die "$records: cannot be looked at"
	records=${physical%/}/${records##*/}
	is_our_tree "$records" || die "nothing was done: $records, for" \
	    "records: $why"
}

# There is one response at a time. The guard has the lock, too.
lock() {
	open_records
	exec 8>>"$records/.lock"
	lock_descriptor || {
		read -r other <"$records/.lock"
		kill -0 "$other" 2>/dev/null &&
			die "another flood-response runs: process $other"
		die "of a flood-response that was killed (process $other) the" \
		    "guard is at work still; it starts MailScanner, and ends:" \
		    "try again"
	}
	echo $$ >"$records/.lock"
}

# --- its state ------------------------------------------------------------

# note KEY VALUE: what undo has to know.
note() {
	printf '%s %s\n' "$1" "$2" >>"$record/state"
}

# read_state RECORD: was_address, was_name, was_block, was_mail, was_scanner,
# each the last value; or 1, and why. Its directory is one that is_ours.
read_state() {
	was_address='' was_name='' was_block='' was_mail='' was_scanner=''
	is_ours "$1/state" || return 1
	line=0
	while read -r key value; do
		line=$((line + 1))
		case "$key $value" in
		'address '*[!0-9A-Fa-f.:/]* | 'name '*[!0-9A-Za-z._-]*)
			key=none ;;
		esac
		case "$key $value" in
		'address '?*) was_address=$value ;;
		'name '?*) was_name=$value ;;
		'block asked' | 'block added' | 'block kept') was_block=$value ;;
		'mail hold' | 'mail delete') was_mail=$value ;;
		'scanner stopped' | 'scanner started') was_scanner=$value ;;
		*)
			why="line $line is not one that flood-response writes"
			return 1 ;;
		esac
	done <"$1/state"
}

# A record of which MailScanner is still to be started.
left_stopped() {
	for other in "$records"/2*/; do
		other=${other%/}
		[ -f "$other/state" ] && is_ours "$other" &&
			read_state "$other" && [ "$was_scanner" = stopped ] &&
			echo "$other"
	done | tail -n 1
}

# open_record DIR: for undo.
open_record() {
	record=${1%/}
	[ -f "$record/state" ] || die "$1: no record of a response"
	[ ! -L "$record" ] || die "$1: it is a symbolic link"
	record=$(cd -P -- "$record" && pwd -P) || die "$1: cannot be looked at"
	is_our_tree "$record" || die "nothing was done: $record: $why"
	read_state "$record" ||
		die "nothing was done: $record/state: $why"
	case $was_address/$was_name in
	/* | */) die "nothing was done: $record/state: it names no address" ;;
	esac
}

# --- what it keeps --------------------------------------------------------

# What has to be known before anything is changed; no queue is read for it.
make_record() {
	name=$(date -u +%Y%m%dT%H%M%SZ)-$(printf %s "$address" | tr :/ __)
	until mkdir "$records/$name" 2>/dev/null; do
		[ -d "$records/$name" ] ||
			die "$records/$name cannot be made: nothing was done"
		name=${name}a
	done
	record=$records/$name
	{ note address "$address" && note name "$name"; } 2>/dev/null ||
		die "$record/state cannot be written: nothing was done"
	mv "$plan/block" "$record/access.diff"
	mv "$plan/flush" "$record/qflush-plan.txt"
	rm -rf "$plan"
	plan=
	[ -z "$config" ] || cp "$config" "$record/settings"
	file=$(sed -n 's/^\(\/.*\):$/\1/p' "$record/access.diff")
	[ ! -f "$file" ] || cp -p "$file" "$record/access.before"
	say "record: $record"
}

# Who filled the queue, before its mail is held. It takes as long as the queue
# is, while MailScanner stops.
keep_evidence() {
	run_qstat >"$record/qstat.txt" 2>&1
	run_qstat --json >"$record/qstat.json" 2>&1
	run_qstat --messages "$address" -n 0 --tsv >"$record/messages.tsv" \
	    2>/dev/null
	before=$(awk 'END { print (NR > 0 ? NR - 1 : 0) }' \
	    "$record/messages.tsv")
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

