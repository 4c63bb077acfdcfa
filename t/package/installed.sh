# SPDX-License-Identifier: GPL-3.0-or-later
# installed.sh - what holds for installed packages, of Debian or RPM
# shellcheck shell=bash disable=SC2016,SC2154 # data; version is of lib.sh

programs='bb-ext flood-response mqc mqreport qblock qflush qstat'
plugins='check_mqueue check_relayflood'

# every_file: all that is on this system, but for what the package managers
# and this test keep.
every_file() {
	find / -xdev \( -path /proc -o -path /dev -o -path /scratch -o \
	    -path /out -o -path /tmp -o -path /var/lib/dpkg -o \
	    -path /var/lib/apt -o -path /var/cache -o -path /var/log/apt -o \
	    -path /var/lib/rpm -o -path /root/.rpmdb -o -path /run -o \
	    -path "$MQ_SRCDIR" -o -path "$MQ_BUILDDIR" \) -prune -o -print |
		sort
}

man_page() {
	[ -n "$(find /usr/share/man -name "$1.[18]*")" ]
}

# version_of PROGRAM PATH
version_of() {
	[ "$("$2" --version)" = "$1 (mqueue-plugins) $version" ]
}

# answers EXPECTED COMMAND...: a pattern for the whole output.
answers() {
	local expected=$1 answer
	shift
	answer=$("$@" 2>&1)
	echo "$answer"
	# shellcheck disable=SC2053 # a pattern
	[[ $answer == $expected ]]
}

# The function of a completion, found as bash-completion finds it.
completes() {
	bash -c '. /usr/share/bash-completion/bash_completion
		_completion_loader "$1"
		complete -p "$1"' bash "$1"
}

# What readline would get for check_mqueue --l<TAB>.
completes_options() {
	[ "$(bash -c '. "$1/check_mqueue"
		COMP_LINE="check_mqueue --l" COMP_POINT=16 COMP_CWORD=1
		COMP_WORDS=(check_mqueue --l)
		_mqueue_plugins_check_mqueue check_mqueue --l check_mqueue
		echo "${COMPREPLY[@]}"' bash \
	    /usr/share/bash-completion/completions)" = \
	    '--lost-warning= --list-queues' ]
}

# A queue with two messages of a minute ago, and one that is lost.
make_queue() {
	mkdir -p "$1"
	local now id
	now=$(date +%s)
	for id in 6AOEeYlo000001 6AOEeYlo000002; do
		printf 'V8\nT%s\nK0\nN0\nP30300\n$_mail.example [192.0.2.66]\n$rESMTP\n$smail.example\nS<a@mail.example>\nRPFD:<b@lab.example.net>\n.\n' \
		    $((now - 60)) >"$1/qf$id"
		: >"$1/df$id"
	done
	cp "$1/qf$id" "$1/Qf6AOEeYlo000003"
}

# check_installed PLUGINDIR
check_installed() {
	local name queue=/tmp/queue
	for name in $programs; do
		ok "$name runs" version_of "$name" "$name"
		ok "$name has a manual page" man_page "$name"
		ok "$name is completed" completes "$name"
	done
	for name in $plugins; do
		ok "$name runs" version_of "$name" "$1/$name"
		ok "$name has a manual page" man_page "$name"
		ok "$name is completed" completes "$name"
	done
	ok 'check_mqueue --l<TAB>' completes_options
	ok 'mqreport(5)' test -e "$(echo /usr/share/man/man5/mqreport.5*)"
	make_queue "$queue"
	chown -R nagios "$queue"
	ok 'check_mqueue judges a queue, and keeps its history' answers \
	    'MQUEUE WARNING - queue 1 lost, over 0, 2 messages, oldest * |*' \
	    runuser -u nagios -- "$1/check_mqueue" -q "$queue"
	ok '... in the directory of the user' \
	    test -d "/var/lib/mqueue-plugins/$(id -u nagios)/check_mqueue"
	ok 'check_relayflood' answers 'RELAYFLOOD OK - 2 messages*' \
	    runuser -u nagios -- "$1/check_relayflood" -q "$queue"
	ok 'bb-ext finds the plugin' answers '*queue 1 lost, over 0, 2 messages*' \
	    runuser -u nagios -- env MACHINE=lab bb-ext --print --test mq \
	    check_mqueue -q "$queue"
	ok 'qstat' answers '*192.0.2.66*' qstat -q "$queue"
	ok 'qflush' answers 'would hold 2 of 2 messages*' \
	    qflush -q "$queue" --max 100% 192.0.2.66
	ok 'mqreport' answers 'mqreport 1*queue queue *messages=2 *end' \
	    mqreport -q "$queue" --cache 1m
	ok 'mqc' answers '*2:-*' mqc --once \
	    "here = exec: mqreport -q mqueue.in=$queue"
	echo 'Connect:192.0.2.66 REJECT' >/tmp/access
	ok 'qblock' answers 'no block of qblock in *' \
	    qblock list --map /tmp/access
	ok 'there is a place for the settings of flood-response' \
	    test -d /etc/mqueue-plugins
	ok 'flood-response finds its parts' \
	    answers "flood-response: 'x.example' is no address*" \
	    flood-response x.example
}
