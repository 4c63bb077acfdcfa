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
use File::Basename qw(dirname);
use File::Copy ();
use File::Temp ();
use POSIX ();
use Test::More ();
use Time::HiRes ();

our @EXPORT = qw(srcdir builddir tempdir need run plugin parse_output
    queue_id make_queue slurp spew wait_for);

# The checkout, and the directory that make was run in.
sub srcdir {
	return $ENV{MQ_SRCDIR} // abs_path(dirname(__FILE__) . '/../..');
}

sub builddir {
	return $ENV{MQ_BUILDDIR} if defined $ENV{MQ_BUILDDIR};
	for my $dir (getcwd(), srcdir() . '/build') {
		return $dir if -x "$dir/plugins/check_mqueue";
	}
	return srcdir();
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
	my @missing = grep { !_have($_) } @_;
	return if !@missing;
	die "missing: @missing\n" if $ENV{CI};
	Test::More::plan(skip_all => "missing: @missing");
}

sub _have {
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

# plugin([\%opt,] ARGUMENT...): check_mqueue of the build directory; returns
# what run() and parse_output() do.
sub plugin {
	my $opt = ref $_[0] ? shift : {};
	my $r = run($opt, _plugin_path(), @_);
	return {%$r, %{parse_output($r->{out})}};
}

# The plugin, or a copy of it that other users can get to.
my $copy;
sub _plugin_path {
	my $path = builddir() . '/plugins/check_mqueue';
	return $path if _is_reachable($path);
	if (!defined $copy) {
		$copy = tempdir() . '/check_mqueue';
		File::Copy::copy($path, $copy) or die "$copy: $!\n";
		chmod 0755, $copy;
	}
	return $copy;
}

# Plugin output -> {lines, text, perf}: the lines of the output, the first
# line up to its '|', and label -> {value, uom, warn, crit, min, max}.
# "labels" keeps the order.
sub parse_output {
	my ($out) = @_;
	my @lines = split /\n/, $out;
	my ($text, $perf) = split /\s*\|\s*/, $lines[0] // '', 2;
	my (%perf, @labels);
	while (($perf // '') =~ /'?([^='\s]+)'?=([-0-9.]+)([^\s;]*)(\S*)/g) {
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
	my $created = ($opt{now} // time) - ($opt{age} // 60);
	my $type = $opt{type} // 'qf';
	my ($qf, $df) = $opt{split} ? ("$dir/qf", "$dir/df") : ($dir, $dir);
	-d $_ or mkdir $_ or die "$_: $!\n" for $dir, $qf, $df;
	my $first = $opt{first} // 0;
	my @ids = map { queue_id($created, $_) } $first .. $first + $n - 1;
	for my $id (@ids) {
		spew("$qf/$type$id", "V8\nT$created\nK0\nN0\nP30300\n",
		    "\$_relay.example [192.0.2.1]\n\$rESMTP\n",
		    "\$srelay.example\nS<a\@relay.example>\n",
		    "RPFD:<b\@lab.example.net>\nH??Subject: $id\n.\n");
		spew("$df/df$id", "synthetic\n");
	}
	return @ids;
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

# Polls until the sub returns true, and returns that; dies after the deadline.
# The only sleep that a test may have.
sub wait_for {
	my ($sub, $seconds, $what) = @_;
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
