#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# completion.t - bash completes every option, and the values that are known
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use Test::More;

my @programs = qw(bb-ext check_mqueue check_relayflood flood-response mqreport
    qblock qflush qstat);
# configure can leave it out.
push @programs, 'mqc'
    if !lacks(-e program('mqc'), 'mqc in this build');

# A directory to complete in, and hosts that bash knows.
my $dir = tempdir();
mkdir "$dir/$_" or die "$dir/$_: $!\n" for 'spool', 'spare';
spew("$dir/sendmail.cf", '');
spew("$dir/hosts", "192.0.2.1 mx1.example\n192.0.2.2 mx2.example\n");

# Runs the function of $0 for the line $1 as readline would, with the cursor
# at its end, to replace $3; the words are the others. Prints the options that
# were set, and the candidates.
my $driver = <<'EOT';
set -u
cd "$2" || exit
# Bash reads it when this is switched on.
HOSTFILE=$2/hosts
shopt -u hostcomplete
shopt -s hostcomplete
compopt() { echo "compopt $*"; }
. "$0" || exit
COMP_LINE=$1 COMP_POINT=${#1} replaced=$3
shift 3
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
function=$(complete -p "$1")
function=${function#complete -F }
"${function% *}" "$1" "$replaced" "${COMP_WORDS[COMP_CWORD - 1]}"
for word in ${COMPREPLY[@]+"${COMPREPLY[@]}"}; do
	echo "$word"
done
EOT

# complete($line): the words, as bash with its usual COMP_WORDBREAKS parts
# them.
sub complete {
	my ($line, %opt) = @_;
	my @words;
	for my $word (split /[ ]+/, $line, -1) {
		my @pieces = $opt{whole} ? ($word) :
		    $word =~ /[=:@]+|[^=:@]+/g;
		push @words, @pieces ? @pieces : '';
	}
	# An @ parts words, but is replaced with what follows it.
	my ($replaced) = $line =~ ($opt{whole} ? qr/(\S*)$/ :
	    qr/(\@?[^=:@\s]*)$/);
	my ($program) = $line =~ /^(\S+)/;
	my $r = run('bash', '-c', $driver,
	    builddir() . "/completions/$program", $line, $dir, $replaced, @words);
	is($r->{err}, '', "$line: no complaint") if $r->{err} ne '' ||
	    $r->{code};
	return [split /\n/, $r->{out}];
}

for my $program (sort @programs) {
	my $help = run(program($program), '--help')->{out};
	my @options;
	for (split /\n/, $help) {
		push @options, $1 . (defined $2 ? '=' : '')
		    if /^  (?:-\w, |    )(--[a-z-]+)([= ](?=[A-Z[]))?/;
	}
	cmp_ok(scalar @options, '>', 9, "$program --help has options");
	is_deeply(complete("$program --"), \@options,
	    "$program: all options are offered");
}

my @by = qw(relay network name helo sender sender-domain recipient-domain
    status);
for my $row (
    # Options, and what tells that a value follows.
    ['check_mqueue --l', '--lost-warning=', '--list-queues'],
    ['check_mqueue --li', '--list-queues'],
    ['check_mqueue --lo', 'compopt -o nospace', '--lost-warning='],
    ['check_mqueue -q spool --vers', '--version'],
    ['check_mqueue -', @{complete('check_mqueue --')}],
    ['check_mqueue --no'],
    ['check_mqueue s'],
    ['check_mqueue -w '],
    ['check_mqueue --warning='],
    # Words of a set: apart, after =, after what may stand before it.
    ['check_relayflood --by ', @by],
    ['check_relayflood --by=', @by],
    ['check_relayflood --by=sender', 'sender', 'sender-domain'],
    ['check_relayflood --by re', 'relay', 'recipient-domain'],
    ['check_relayflood --by x'],
    ['check_relayflood -t 1'],
    ['check_relayflood -t 10:', qw(OK WARNING CRITICAL UNKNOWN)],
    ['check_relayflood --timeout=10:C', 'CRITICAL'],
    ['qstat --sort ', qw(count oldest rate)],
    ['qstat --by=rela', 'relay'],
    ['qstat --messages se', 'sender:', 'sender-domain:'],
    ['qstat --messages sender-', 'compopt -o nospace', 'sender-domain:'],
    ['qflush o', 'compopt -o nospace', 'older:'],
    ['qflush older:1'],
    ['bb-ext --unknown=', qw(yellow red clear)],
    # Files and directories.
    ['check_mqueue -q s', 'compopt -o filenames', 'spare', 'spool'],
    ['check_mqueue -q in=sp', 'compopt -o filenames', 'spare', 'spool'],
    ['check_mqueue --queue=in=spo', 'compopt -o filenames', 'spool'],
    ["check_mqueue -q $dir/spo", 'compopt -o filenames', "$dir/spool"],
    ['check_mqueue --extra-opts sp'],
    ['check_mqueue --extra-opts=sp'],
    ['check_mqueue --extra-opts=mq@sendm', 'compopt -o filenames',
	'@sendmail.cf'],
    ['check_mqueue --extra-opts=@sendm', 'compopt -o filenames',
	'@sendmail.cf'],
    ['qblock --map hash:sendm', 'compopt -o filenames', 'sendmail.cf'],
    ['qblock check 192.0.2.1 --sendmail=sendm', 'compopt -o filenames',
	'sendmail.cf'],
    ['flood-response undo sp', 'compopt -o filenames', 'spare', 'spool'],
    # The first word, and others.
    ['qblock ', qw(add remove expire list check)],
    ['qblock --reply REJECT a', 'add'],
    ['qblock add --rep', 'compopt -o nospace', '--reply='],
    ['qblock add a'],
    ['flood-response u', 'undo'],
    ['bb-ext check_mqueue --l', 'compopt -o default'],
    ['bb-ext --test queue check_mqueue --l', 'compopt -o default'],
    ['bb-ext -- --p', 'compopt -o filenames'],
    ['bb-ext ./sendm', 'compopt -o filenames', './sendmail.cf'],
    # Hosts, but no port.
    ['check_mqueue -H mx', 'mx1.example', 'mx2.example'],
    ['check_mqueue --hostname=mx2', 'mx2.example'],
    ['check_mqueue --hostname=mx2:'],
    ['check_relayflood --merge mx1.example mx2', 'mx2.example'],
) {
	my ($line, @expected) = @$row;
	is_deeply(complete($line), \@expected, $line);
}

SKIP: {
	skip 'mqc was not built', 3 if !grep { $_ eq 'mqc' } @programs;
	is_deeply(complete('mqc -n 1 mx1'), ['mx1.example'], 'mqc: hosts');
	is_deeply(complete('mqc --columns='), [qw(in m client)],
	    'mqc: columns');
	is_deeply(complete('mqc --columns=in,c'), ['in,client'],
	    '... several');
}

# Some people have taken = and : out of COMP_WORDBREAKS.
is_deeply(complete('check_relayflood --by=send', whole => 1),
    ['--by=sender', '--by=sender-domain'], 'nothing parts words: a set');
is_deeply(complete('check_mqueue --queue=in=spo', whole => 1),
    ['compopt -o filenames', '--queue=in=spool'], '... a directory');

# What is offered is understood.
my $queue = "$dir/spool";
for my $by (@{complete('check_relayflood --by ')}) {
	my $r = run(program('check_relayflood'), '-q', $queue,
	    '--by', $by);
	is($r->{code}, 0, "check_relayflood --by $by") or diag $r->{out};
	$r = run(program('qstat'), '-q', $queue, '--by', $by);
	is($r->{code}, 0, "qstat --by $by") or diag $r->{err};
}
for my $option ('--output-format=', '--timeout=10:') {
	for my $value (@{complete("check_mqueue $option")}) {
		my $r = plugin('-q', $queue, "--state-dir=$dir",
		    "$option$value");
		is($r->{code}, 0, "check_mqueue $option$value")
		    or diag $r->{out};
	}
}
for my $order (@{complete('qstat --sort=')}) {
	is(tool('qstat', '-q', $queue, "--sort=$order")->{code}, 0,
	    "qstat --sort=$order");
}
my %selector = (name => 'a.example', helo => 'b', sender => '<>',
    'sender-domain' => 'c.example', recipient => 'd@e.example',
    'recipient-domain' => 'e.example', status => 'Deferred: x',
    class => 'local', relay => '192.0.2.1', network => '192.0.2.0/24',
    older => '1m', newer => '2m');
is_deeply(complete('qflush '), [map { "$_:" } qw(relay network name helo
    sender sender-domain recipient recipient-domain status class older
    newer)], 'qflush: how selectors begin');
is_deeply([grep { !exists $selector{$_} } @by], [],
    'each key of --by is how a selector begins');
for my $prefix (sort keys %selector) {
	is(tool('qflush', '-q', $queue, "$prefix:$selector{$prefix}")->{code},
	    0, "qflush $prefix:$selector{$prefix}");
}
for my $command (@{complete('qblock ')}) {
	unlike(tool('qblock', $command, '--map', "$dir/none")->{err},
	    qr/^qblock: command/, "qblock $command is a command");
}

# And a real bash, at a terminal: what it parts words at is as above. The server
# of the terminal ends with this test, however that ends.
my @tmux = ('tmux', '-S', "$dir/tmux", '-f', '/dev/null');
my $owner = $$;

END {
	local $?;
	run(@tmux, 'kill-server') if @tmux && $$ == $owner && -S "$dir/tmux";
}

SKIP: {
	skip 'missing: tmux', 4
	    if lacks(have('tmux'), 'tmux');
	my $env = {HOME => $dir, TERM => 'xterm', INPUTRC => '/dev/null'};
	spew("$dir/bashrc", "PS1='ready '\ncd $dir\n",
	    map { '. ' . builddir() . "/completions/$_\n" }
	    qw(check_mqueue check_relayflood));
	my $type = sub {
		my ($keys, $re) = @_;
		run({env => $env}, @tmux, 'send-keys', '-l', $keys);
		my $screen;
		ok(eval { wait_for(sub {
			$screen = run({env => $env}, @tmux, 'capture-pane',
			    '-p')->{out};
			$screen =~ $re;
		}, $keys) }, $keys =~ s/\t/<TAB>/r) or diag $screen;
		run({env => $env}, @tmux, 'send-keys', 'C-u');
	};
	run({env => $env}, @tmux, 'new-session', '-d', '-x', '80', '-y', '24',
	    'bash', '--noprofile', '--rcfile', "$dir/bashrc", '-i');
	$type->('', qr/^ready/m);
	$type->("check_mqueue --li\t-", qr/check_mqueue --list-queues -/);
	$type->("check_relayflood --by=recip\t-",
	    qr/--by=recipient-domain -/);
	$type->("check_mqueue --extra-opts=mq\@sendm\t-",
	    qr/--extra-opts=mq\\\@sendmail.cf -/);
	$type->("check_mqueue -q in=spo\t-", qr{-q in=spool/-});
}
done_testing;
