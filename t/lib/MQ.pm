# SPDX-License-Identifier: GPL-3.0-or-later
# MQ.pm - what the tests share: running a plugin, making a queue, waiting
#
# Everything is exported. Core modules only. A test begins with
#     use lib "$FindBin::Bin/lib"; use MQ;
package MQ;
use strict;
use warnings;

use Cwd qw(abs_path getcwd);
use Exporter qw(import);
use File::Basename qw(basename dirname);
use File::Copy ();
use File::Temp ();
use POSIX ();
use Test::More ();
use Time::HiRes ();

our @EXPORT = qw(srcdir builddir program tempdir need have lacks run plugin flood
    parse_output tool trace_lines given_up
    queue_id make_queue make_message slurp spew wait_for
    patience);

# A shell ignores some for what it runs in the background, and so does nohup(1);
# a program that finds one ignored leaves it so.
$SIG{$_} = 'DEFAULT' for qw(HUP INT QUIT);

# The checkout, and the directory that make was run in.
sub srcdir {
	return $ENV{MQ_SRCDIR} // abs_path(dirname(__FILE__) . '/../..');
}

sub builddir {
	return $ENV{MQ_BUILDDIR} if defined $ENV{MQ_BUILDDIR};
	for my $dir (getcwd(), srcdir() . '/build') {
		return $dir if -x "$dir/bin/check_mqueue";
	}
	return srcdir();
}

# The path of a program of the build.
sub program {
	my ($name) = @_;
	return builddir() . "/bin/$name";
}

# May other users get to a file? Not below root's home, for instance.
sub _is_reachable {
	my ($path) = @_;
	while ($path ne '/') {
		$path = dirname($path);
		return 0 if !((stat $path)[2] & 01);
	}
	return 1;
}

# A directory that other users can enter and that goes away with the test. It
# is on the disk of the build (in the lab: /scratch), because a listing of a
# tmpfs is not exact while files in it are renamed; or in /var/tmp where other
# users can't get to the build.
sub tempdir {
	my $dir = File::Temp::tempdir('t.XXXXXX', CLEANUP => 1,
	    DIR => $ENV{MQ_SCRATCH} //
	    (_is_reachable(builddir() . '/x') ? builddir() : '/var/tmp'));
	chmod 0755, $dir;
	return $dir;
}

# need('strace', 'Monitoring::Plugin::Range', 'root', 'lab'): skips the whole
# test when something is missing - but in CI nothing is skipped, so dies there.
sub need {
	my @missing = grep { !have($_) } @_;
	return if !@missing;
	die "missing: @missing\n" if $ENV{CI};
	Test::More::plan(skip_all => "missing: @missing");
}

# lacks($there, 'what'): true when a part of a test has to be left out for that,
# and says so on standard error, so that nobody takes a smaller run for a whole
# one. In CI nothing is left out, so dies there.
sub lacks {
	my ($there, $what) = @_;
	return 0 if $there;
	die "missing: $what\n" if $ENV{CI};
	Test::More::diag("LEFT OUT: what needs $what");
	return 1;
}

# Is it there? See need().
sub have {
	my ($what) = @_;
	return $> == 0 if $what eq 'root';
	return defined $ENV{MQ_SCRATCH} if $what eq 'lab';
	return eval "require $what; 1" if $what =~ /::/;
	return -x $what if $what =~ m{^/};
	return scalar grep { -x "$_/$what" } split /:/, $ENV{PATH};
}

# run([\%opt,] COMMAND, ARGUMENT...): runs it without a shell, returns
# {code, signal, out, err}. Options:
#     uid, gid   run as this user, with no other group than gid
#     env        {NAME => value}, an undefined value removes the variable
#     stdin      text for its standard input (default: /dev/null)
sub run {
	my $opt = ref $_[0] ? shift : {};
	my ($out, $err) = (File::Temp->new, File::Temp->new);
	my $in = File::Temp->new;
	print $in $opt->{stdin} // '';
	$in->flush;
	my $pid = fork // die "fork: $!\n";
	if (!$pid) {
		# _exit, not die: the clean-up of the test is not the child's.
		open STDIN, '<', $in->filename or POSIX::_exit(126);
		open STDOUT, '>&', $out or POSIX::_exit(126);
		open STDERR, '>&', $err or POSIX::_exit(126);
		_become($opt);
		{ no warnings 'exec'; exec { $_[0] } @_ }
		print STDERR "$_[0]: $!\n";
		STDERR->flush;
		POSIX::_exit(127);
	}
	waitpid $pid, 0;
	return {code => $? >> 8, signal => $? & 127,
	    out => slurp($out->filename), err => slurp($err->filename)};
}

# In the child of run(): environment, then group, then user.
sub _become {
	my ($opt) = @_;
	my %env = (LC_ALL => 'C', MP_CONFIG_FILE => undef,
	    NAGIOS_CONFIG_PATH => undef, MP_STATE_PATH => undef,
	    %{$opt->{env} // {}});
	for my $name (keys %env) {
		delete $ENV{$name};
		$ENV{$name} = $env{$name} if defined $env{$name};
	}
	if (defined $opt->{gid}) {
		$) = "$opt->{gid} $opt->{gid}";
		POSIX::setgid($opt->{gid}) or POSIX::_exit(126);
	}
	!defined $opt->{uid} or POSIX::setuid($opt->{uid}) or POSIX::_exit(126);
}

# given_up($name, [COMMAND...], [LIMIT...], [LONGER...]): one test: COMMAND with
# the options LIMIT ends, and the same with LONGER, which began before it, does
# not. So it is this limit that ends it, however busy the machine is. Returns
# what run() does of the first. The second is killed then.
sub given_up {
	my ($name, $command, $limit, $longer) = @_;
	my $pid = fork // die "fork: $!\n";
	if (!$pid) {
		open STDIN, '<', '/dev/null' or POSIX::_exit(126);
		open STDOUT, '>', '/dev/null' or POSIX::_exit(126);
		open STDERR, '>&', \*STDOUT or POSIX::_exit(126);
		_become({});
		{ no warnings 'exec'; exec { $command->[0] } @$command, @$longer }
		POSIX::_exit(127);
	}
	my $r = run(@$command, @$limit);
	Test::More::is(waitpid($pid, POSIX::WNOHANG()), 0, $name);
	kill 'KILL', $pid;
	waitpid $pid, 0;
	return $r;
}

# plugin([\%opt,] ARGUMENT...): check_mqueue of the build directory; returns
# what run() and parse_output() do.
sub plugin {
	return _plugin('check_mqueue', @_);
}

# flood([\%opt,] ARGUMENT...): the same for check_relayflood.
sub flood {
	return _plugin('check_relayflood', @_);
}

sub _plugin {
	my $name = shift;
	my $opt = ref $_[0] ? shift : {};
	my $r = run($opt, _program_path($name), @_);
	return {%$r, %{parse_output($r->{out})}};
}

# tool([\%opt,] NAME, ARGUMENT...): a program of tools/, as run() does it.
sub tool {
	my $opt = ref $_[0] ? shift : {};
	return run($opt, _program_path(shift), @_);
}

# A program of the build, or a copy of it that other users can get to.
my %copy;
sub _program_path {
	my ($program) = @_;
	my $path = program($program);
	return $path if _is_reachable($path);
	if (!defined $copy{$program}) {
		$copy{$program} = tempdir() . "/$program";
		File::Copy::copy($path, $copy{$program})
		    or die "$copy{$program}: $!\n";
		chmod 0755, $copy{$program};
	}
	return $copy{$program};
}

# The lines of what strace wrote. In a build for make coverage they end where
# the program has done its work, and gcc's counters go to their files.
sub trace_lines {
	my ($file) = @_;
	my @lines = split /\n/, slurp($file);
	for my $i (0 .. $#lines) {
		return @lines[0 .. $i - 1] if $lines[$i] =~ /\.gcda"/;
	}
	return @lines;
}

# Plugin output -> {lines, text, perf}: the lines of the output, the first
# line up to its '|', and label -> {value, uom, warn, crit, min, max}.
# "labels" keeps the order.
sub parse_output {
	my ($out) = @_;
	my @lines = split /\n/, $out;
	my ($text, $perf) = split /\s*\|\s*/, $lines[0] // '', 2;
	my (%perf, @labels);
	while (($perf // '') =~ /'?([^='\s]+)'?=(U|[-0-9.]+)([^\s;]*)(\S*)/g) {
		my ($label, $value, $uom) = ($1, $2, $3);
		my (undef, $warn, $crit, $min, $max) = split /;/, $4;
		push @labels, $label;
		$perf{$label} = {value => $value, uom => $uom,
		    warn => $warn // '', crit => $crit // '',
		    min => $min // '', max => $max // ''};
	}
	return {lines => \@lines, text => $text // '', perf => \%perf,
	    labels => \@labels};
}

# The id that sendmail 8.12 and later gives to its Nth message of a second:
# year, month, day, hour, minute, second in UTC, two characters that count to
# 3599, and the process, here as many as N takes.
sub queue_id {
	my ($epoch, $n) = @_;
	my @chars = ('0' .. '9', 'A' .. 'Z', 'a' .. 'z');
	my ($s, $m, $h, $day, $month, $year) = gmtime $epoch;
	return join('', @chars[$year % 60, $month, $day, $h, $m, $s,
	    $n % 3600 / 60, $n % 60]) . sprintf('%06d', 1 + $n / 3600);
}

# make_queue($dir, $n, %opt): adds $n messages to the queue $dir, which it
# makes when missing. Returns their ids. Options:
#     now      epoch, default: time
#     age      age in seconds of all messages, default 60
#     type     'qf' (default), 'hf' or 'Qf'
#     split    true: qf/ and df/ below $dir
#     first    number of the first message, so that a queue can be added to
sub make_queue {
	my ($dir, $n, %opt) = @_;
	my $first = $opt{first} // 0;
	_make_dirs($dir, %opt);
	return map { make_message($dir, %opt, n => $_) }
	    $first .. $first + $n - 1;
}

# make_message($dir, %opt): adds one message to the queue $dir, as
# make_queue() does; the same options, and:
#     n          number of the message within its second, default 0
#     id         queue id, default: made of the time and n
#     relay      value of the \$_ line, which undef leaves out
#     helo, protocol, sender, status, tries
#     recipients array of addresses
#     headers    text of more header lines
#     control    all of the control file instead
#     body       text of the body, undef: there is none
#     received   time of the body, default: when the message was created
sub make_message {
	my ($dir, %opt) = @_;
	my $created = ($opt{now} // time) - ($opt{age} // 60);
	my $type = $opt{type} // 'qf';
	my $id = $opt{id} // queue_id($created, $opt{n} // 0);
	my ($qf, $df) = _make_dirs($dir, %opt);
	spew("$qf/$type$id",
	    $opt{control} // _control($id, $created, %opt));
	my $body = exists $opt{body} ? $opt{body} : "synthetic\n";
	if (defined $body) {
		spew("$df/df$id", $body);
		my $received = $opt{received} // $created;
		utime $received, $received, "$df/df$id" or die "df$id: $!\n";
	}
	return $id;
}

# The directories of control files and of bodies, made where they are missing.
sub _make_dirs {
	my ($dir, %opt) = @_;
	my ($qf, $df) = $opt{split} ? ("$dir/qf", "$dir/df") : ($dir, $dir);
	-d $_ or mkdir $_ or die "$_: $!\n" for $dir, $qf, $df;
	return ($qf, $df);
}

# The text of a control file, in the order in which sendmail writes it.
sub _control {
	my ($id, $created, %opt) = @_;
	my $relay = exists $opt{relay} ? $opt{relay} :
	    'relay.example [192.0.2.1]';
	return join '', "V8\nT$created\nK0\nN", $opt{tries} // 0,
	    "\nP30300\n", defined $opt{status} ? "M$opt{status}\n" : '',
	    defined $relay ? "\$_$relay\n" : '',
	    '$r', $opt{protocol} // 'ESMTP', "\n\$s",
	    $opt{helo} // 'relay.example', "\nS<",
	    $opt{sender} // 'a@relay.example', ">\n",
	    (map { "RPFD:<$_>\n" }
	    @{$opt{recipients} // ['b@lab.example.net']}),
	    "H??Subject: $id\n", $opt{headers} // '', ".\n";
}

sub slurp {
	my ($file) = @_;
	open my $fh, '<', $file or die "$file: $!\n";
	local $/;
	return <$fh> // '';
}

sub spew {
	my ($file, @text) = @_;
	open my $fh, '>', $file or die "$file: $!\n";
	print $fh @text;
	close $fh or die "$file: $!\n";
}

# After so many seconds a test takes what it waits for as hung. It says nothing
# of how fast a program has to be: the machine may be busy.
sub patience {
	return 180 * ($ENV{MQ_SLOW} // 1);
}

# Polls until the sub returns true, and returns that; dies when it takes
# longer than patience(). The only sleep that a test may have.
sub wait_for {
	my ($sub, $what) = @_;
	my $seconds = patience();
	my $end = Time::HiRes::time() + $seconds;
	while (1) {
		my $result = $sub->();
		return $result if $result;
		die "waited $seconds s for $what\n"
		    if Time::HiRes::time() > $end;
		Time::HiRes::sleep(0.02);
	}
}

1;
