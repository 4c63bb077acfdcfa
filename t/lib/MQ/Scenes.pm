# SPDX-License-Identifier: GPL-3.0-or-later
# Scenes.pm - each program at work on something whose numbers are known, for
# the tests of faults; see MQ::Faults
#
# Queue "in" has 25 messages, "out" 8, "flood" 25 of which 15 are of one relay.
# Everything is exported.
package MQ::Scenes;
use strict;
use warnings;

use Exporter qw(import);
use MQ;
use MQ::Display;
use MQ::Flush;
use MQ::Net;

our @EXPORT = qw(reading_scenes changing_scenes);

# What an answer says that is not exact.
my $told = qr/at least \d|cannot be read|not counted|not listed|out of memory/;
my $utc = qr/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?Z?/;
my %code = (OK => 0, WARNING => 1, CRITICAL => 2, UNKNOWN => 3);

# Times, paths and numbers that vary.
sub _cut {
	my ($dir) = @_;
	return sub {
		local $_ = $_[0];
		s/\Q$dir\E/DIR/g;
		s/\boldest=\d+/oldest=N/g;
		s/=9\d{4}s/=Ns/g;
		s/ : 9\d{4} s/ : N s/g;
		s/"time":\d+|"oldest":\d+|"newest":\d+/"N"/g;
		s/^(time|took) .*/$1/mg;
		s/[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ \d{4}/DATE/;
		s/$utc/TIME/g;
		s/in [\d.]+s \([\d.]+\/s\)/in T/g;
		s/ in [\d.]+s$//mg;
		s/^examples: .*/examples/m;
		return $_;
	};
}

# --- what may be wrong with an answer ----------------------------------------

# A plugin: UNKNOWN, or what is said without a fault; a number that is not
# exact is told to be so. No output is right only if it can't be written.
sub _plugin_wrong {
	my ($s, $r) = @_;
	return $r->{code} == 3 ? () : 'no output' if $r->{out} eq '';
	my ($service, $state, $text) =
	    $r->{out} =~ /\A([A-Z]+) ([A-Z]+) - (\S.*)/ or return 'no result';
	my $was = parse_output($s->{right}{out});
	my $is = parse_output($r->{out});
	my @wrong;
	push @wrong, 'another exit status' if $r->{code} != $code{$state};
	return @wrong if $is->{text} eq $was->{text};
	push @wrong, 'neither right nor UNKNOWN'
	    if $r->{code} != 3 && $r->{code} != $s->{right}{code};
	push @wrong, 'a text that tells no fault'
	    if $is->{text} !~ $told && $is->{text} !~ /UNKNOWN - \S+.*: [A-Z]/;
	my $n = $is->{perf}{messages};
	push @wrong, 'another number of messages' if $n && $is->{text} !~
	    /at least/ && $n->{value} != $was->{perf}{messages}{value};
	return @wrong;
}

# A tool: exit status 1 or 2, and what happened, on stderr or in the answer.
# "also" of a scenario is what may be added to an answer that is complete.
sub _tool_wrong {
	my ($s, $r) = @_;
	my $more = $s->{also};
	return () if $more && $r->{code} == $s->{right}{code} &&
	    $r->{out} =~ s/$more/$s->{instead} \/\/ ''/ger eq
	    $s->{right}{out} =~ s/$more/$s->{instead} \/\/ ''/ger;
	return 'exit status' if $r->{code} != 1 && $r->{code} != 2;
	my ($name) = $s->{command}[0] =~ m{([^/]*)\z};
	return () if $r->{err} =~ /^\Q$name\E: \S/m ||
	    $r->{out} =~ /^NOT READ: .*|^  \d+ (?:failed|busy), such as \S+/m;
	# Nothing can be said if nothing can be written.
	return $r->{out} eq '' && $r->{err} eq '' && $s->{mute} ? () :
	    'nothing is told';
}

# A report: each line as without a fault, or not exact; and nothing is lacking.
sub _report_wrong {
	my ($s, $r) = @_;
	return _tool_wrong($s, $r) if $r->{out} eq '';
	my %was = map { $_ => 1 } split /\n/, $s->{right}{out};
	my @wrong;
	for (split /\n/, $r->{out}) {
		next if $was{$_} || /^note /;
		push @wrong, "another line: $_" if !/^relay / && !/^error / &&
		    !/ count=(?:at-least|unreadable) /;
		push @wrong, 'exit status 0' if $r->{code} == 0;
	}
	my ($exact) = $r->{out} =~ /^relays count=exact/m;
	push @wrong, 'other relays' if $exact && join('', $r->{out} =~
	    /^relay .*\n/mg) ne join '', $s->{right}{out} =~ /^relay .*\n/mg;
	push @wrong, 'no end' if $r->{out} !~ /\nend\n\z/;
	push @wrong, 'nothing on stderr' if $r->{code} != 0 && $r->{err} eq ''
	    && !$s->{socket};
	return @wrong;
}

# A status: yellow, and either the plugin's own text or why there is none.
sub _bb_wrong {
	my ($s, $r) = @_;
	return $r->{code} == 2 ? () : 'no output' if $r->{out} eq '';
	return () if index($r->{out}, $s->{right}{out}) == 0 &&
	    $r->{out} =~ /^ &green growth OK: not known: /m;
	my ($first, $rest) = $r->{out} =~ /\A(.*)\n((?:.*\n)*)\z/;
	return 'no status' if !defined $first ||
	    $first !~ /^status\+15 mx1,example,net\.mqueue yellow DATE \S/;
	return 'a failure that is not UNKNOWN' if $first !~ / UNKNOWN - \S/;
	return $rest =~ /^ \w+ : / ? 'numbers' : ();
}

# mqc: each host has its number, or a line that says why not.
sub _mqc_wrong {
	my ($s, $r) = @_;
	if ($r->{out} eq '') {
		# EPIPE is a reader that has seen enough.
		return () if $r->{code} == 0 && $r->{err} eq '';
		return $r->{code} == 2 ? () : 'no output';
	}
	my ($head, $line, @why) = split /\n/, $r->{out};
	my @column = split ' ', $line // '';
	my @wrong;
	for my $i (0, 1) {
		my $told = grep { /^  mx@{[$i + 1]}: \S/ } @why;
		push @wrong, "mx@{[$i + 1]}" if ($column[$i] // '') ne
		    ($told ? '--' : '-:25');
	}
	push @wrong, 'exit status' if $r->{code} == 0;
	return @wrong;
}

# --- programs that read ------------------------------------------------------

# A server of this name that answers with that report, of now.
sub _reporter {
	my ($dir, $host) = @_;
	my $text = run(program('mqreport'), '-q', "$dir/flood",
	    '--relays', 10)->{out} =~ s/^time .*/time /mr;
	$text =~ s/^host .*/host $host/m;
	my ($before, $after) = split /^time \n/m, $text;
	spew("$dir/$host", "#!$^X\nprint q{$before}, 'time ', time,"
	    . " qq{\\n}, q{$after};\n");
	chmod 0755, "$dir/$host";
	return (inetd("$dir/$host"))[0];
}

sub _queues {
	my ($dir) = @_;
	make_queue("$dir/in", 25, age => 90000, split => 1);
	make_queue("$dir/out", 7, age => 90000);
	spew("$dir/out/qfKAA12345", '');
	make_message("$dir/flood", n => $_, age => 90000, relay => $_ <= 15 ?
	    'bad.example [192.0.2.66]' : "ok$_.example [198.51.100.$_]")
	    for 1 .. 25;
}

my $display;

# reading_scenes($dir): the scenarios; servers end with the test.
sub reading_scenes {
	my ($dir) = @_;
	_queues($dir);
	my @peer = map { _reporter($dir, $_) } 'mx1', 'mx2';
	$display = MQ::Display->new(dir => "$dir/display");
	my @state = ('--state-dir', "$dir/state");
	my @check = (program('check_mqueue'), '-q', "$dir/in", @state);
	my %bb = (MACHINE => 'mx1,example,net', TZ => 'UTC', XYMON => undef,
	    BB => undef, BBDISP => '127.0.0.1', BBDISPLAYS => undef,
	    BBPORT => $display->port);
	# A sender may be gone before what it sent is here.
	my $arrived = sub {
		my $is_there = sub {
			return scalar grep { /\.mqueue yellow .* in 25 messages/
			    || / UNKNOWN - \S/ } map { slurp($_) }
			    glob "$dir/display/[0-9]*";
		};
		return $_[0]{code} == 0 && !eval { wait_for($is_there,
		    'the status') } ? 'nothing arrived' : ();
	};
	my %plugin = (wrong => \&_plugin_wrong);
	my %bbext = (expect => qr/in 25 messages/, wrong => \&_bb_wrong, env => \%bb);
	my @bbext = (program('bb-ext'), '--print', @check, '-w', 20);
	my %report = (wrong => \&_report_wrong, mute => 1,
	    expect => qr/^queue\ flood\ .*\ messages=25\ 
	    .*\nqueue\ in\ .*\ messages=25\ /mx);
	my @report = (program('mqreport'), '-q', "$dir/flood", '-q', "$dir/in");
	my %qstat = (expect => qr/\b15\b/, wrong => \&_tool_wrong, mute => 1);
	# One process may be forked in a moment of which strace knows nothing,
	# and a pipe that is not closed never ends.
	my %scene = (
	mqueue => {expect => qr/in 25 messages.*; out 8 /,
	    command => [@check, '-q', "$dir/out"], %plugin},
	remote => {expect => qr/flood 25 messages/,
	    command => [program('check_mqueue'), '-H', $peer[0],
	    @state], %plugin},
	relay => {expect => qr/ 15 of 25 messages/,
	    command => [program('check_relayflood'), '-q',
	    "$dir/flood", '-c', 10], %plugin},
	merge => {expect => qr/ 30 of 50 messages/,
	    command => [program('check_relayflood'), '--merge', @peer,
	    '-c', 10], %plugin},
	# To be told to try again means that the pipe is empty.
	bbext => {command => \@bbext, %bbext, alone => 1, skip => 'close',
	    never => qr/^read:.*EAGAIN/},
	'bbext-child' => {command => \@bbext, %bbext,
	    only => 'dup2|fcntl|execve|clone3?'},
	'bbext-send' => {command => [@bbext[0, 2 .. $#bbext]], %bbext,
	    expect => qr/\A\z/, wrong => \&_tool_wrong, check => $arrived, mute => 1,
	    set_up => sub { unlink glob "$dir/display/[0-9]*" },
	    only => 'socket|connect|poll|sendto|recvfrom'},
	mqreport => {command => [@report, '--relays', 5], %report},
	'mqreport-served' => {command => [@report, '--cache-dir',
	    "$dir/cache"], %report, set_up => sub {
		run('rm', '-rf', "$dir/cache");
	    }, socket => 1, skip => 'getsockopt'},
	mqc => {expect => qr/^ +-:25 +-:25$/m,
	    command => [program('mqc'), '--once', '-i', 3, '-t', 1,
	    "mx1=$peer[0]", "mx2=$peer[1]"], wrong => \&_mqc_wrong},
	# libevent ends the process if its own pipe can't be read.
	'mqc-exec' => {expect => qr/^ +-:25 +-:25$/m,
	    command => [program('mqc'), '--once', '-i', 3, '-t', 1,
	    "mx1=exec: $dir/mx1", "mx2=exec: $dir/mx2"], alone => 1,
	    wrong => \&_mqc_wrong, skip => 'close|read'},
	qstat => {command => [program('qstat'), '-q', "$dir/flood"], %qstat},
	'qstat-json' => {command => [program('qstat'), '-q', "$dir/flood",
	    '--json'], %qstat},
	# A size that is not known is "-".
	'qstat-messages' => {command => [program('qstat'), '-q', "$dir/flood",
	    '--messages', '192.0.2.66'], %qstat, also => qr/ (?:10| -)  /,
	    instead => ' S  '},
	);
	return _made($dir, %scene);
}

# Names, and what all have. Two are tried at once.
sub _made {
	my ($dir, %scene) = @_;
	return map { {name => $_, dir => $dir, cut => _cut($dir),
	    set_up => sub {}, %{$scene{$_}}} } sort keys %scene;
}

# --- programs that change ----------------------------------------------------

# Each has a directory of its own: what it did is compared.
sub _flush_scene {
	my ($dir, $name, $end, $gone, @args) = @_;
	my $queue = "$dir/$name";
	my ($flood, $before);
	my $check = sub {
		my ($r) = @_;
		my %gone = $gone ? map { $_ => 1 } @$flood : ();
		# A body may be left alone, and that is told.
		my @wrong = grep { !($r->{code} && /^(\w+): 0 control files/
		    && $gone{$1}) } damage($before, [$queue], gone => \%gone);
		my $kinds = kinds($queue);
		push @wrong, "exit status 0, but $kinds"
		    if $r->{code} == 0 && $kinds ne $end;
		push @wrong, "left over: $_" for glob "$queue/.q* $queue/qf/.q*";
		return @wrong;
	};
	return {command => [program('qflush'), '-q', $queue,
	    '--journal', "$queue.journal", @args], check => $check,
	    set_up => sub {
		run('rm', '-rf', $queue, "$queue.journal");
		($flood) = flood_queue($queue, 2, 1, split => 1);
		$before = snapshot($queue);
	    }, wrong => \&_tool_wrong, mute => 1};
}

# The access file is the old or the new one, and so is the map; both new only
# if that is told.
sub _block_scene {
	my ($dir, $name, $changes, @args) = @_;
	my $access = "$dir/$name.d/access";
	my $text = "# ours\n\nConnect:198.51.100\tRELAY\n";
	my $check = sub {
		my ($r) = @_;
		my ($is, $map) = map { slurp($_) } $access, "$access.db";
		my @wrong;
		my $new = $is =~ /\A\Q$text\E# qblock.*\nConnect:192\.0\.2\.66\tREJECT\n\z/;
		push @wrong, "the text is $is" if !$new && $is ne $text;
		my $made = $map =~ /^connect:192\.0\.2\.66\tREJECT$/m;
		push @wrong, 'exit status 0, but nothing is done'
		    if $r->{code} == 0 && $changes && !($new && $made);
		push @wrong, 'done, but not told' if $r->{code} != 0 && $new &&
		    $r->{err} !~ /(?:is|are) new|write the answer/ &&
		    $r->{err} ne '';
		push @wrong, 'the map has what the text has not'
		    if $made && !$new;
		return @wrong;
	};
	my $makemap = srcdir() . '/t/lib/makemap';
	return {command => [program('qblock'), @args, '--map',
	    $access, '--makemap', $makemap], check => $check, alone => 1,
	    skip => 'close', wrong => \&_tool_wrong, mute => 1,
	    set_up => sub {
		run('rm', '-rf', "$dir/$name.d");
		mkdir "$dir/$name.d" or die "mkdir: $!\n";
		spew($access, $text);
		run({stdin => $text}, $makemap, 'hash', $access);
	    },
	    # Who did it may not be known.
	    also => qr/ by \w+$/m};
}

sub changing_scenes {
	my ($dir) = @_;
	my @all = ('--max', '100%', SPAMMER);
	return _made($dir,
	'qflush-plan' => _flush_scene($dir, 'plan', 'df 3, qf 3', 0,
	    '--delete', @all),
	'qflush-delete' => _flush_scene($dir, 'delete', 'df 1, qf 1', 1,
	    '--yes', '--delete', @all),
	'qflush-hold' => _flush_scene($dir, 'hold', 'df 3, hf 2, qf 1', 0,
	    '--yes', '--hold', @all),
	'qblock-add' => _block_scene($dir, 'add', 1, 'add', '192.0.2.66',
	    '--yes'),
	'qblock-check' => _block_scene($dir, 'check', 0, 'check',
	    '198.51.100.7'),
	'qblock-list' => _block_scene($dir, 'list', 0, 'list'));
}

1;
