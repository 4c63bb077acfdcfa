# SPDX-License-Identifier: GPL-3.0-or-later
# Flood.pm - a host that is flooded, with a stub in MailScanner's place, and
# flood-response on it
#
# In the lab only. Everything below {dir} goes with the test.
package MQ::Flood;
use strict;
use warnings;

use MQ;
use MQ::Sendmail;
use POSIX ();

my $network;

# new(dir => DIR, shell => SHELL): sendmail with an access map and an empty queue, its stub
# running.
sub new {
	my ($class, %opt) = @_;
	my $self = bless {%opt, stub => "$opt{dir}/stub",
	    access => "$opt{dir}/access", queue => "$opt{dir}/mqueue",
	    records => "$opt{dir}/records", conf => "$opt{dir}/conf"}, $class;
	-d or mkdir or die "$_: $!\n" for $opt{dir}, $self->{queue};
	MQ::Sendmail::add_network('192.0.2.0/24') if !$network++;
	spew($self->{access}, "# of the administrator\n");
	my $r = run({stdin => ''}, 'makemap', 'hash', $self->{access});
	die "makemap: $r->{err}\n" if $r->{code};
	$self->{sendmail} = MQ::Sendmail->new(dir => "$opt{dir}/sendmail",
	    queue => $self->{queue}, mc => 'FEATURE(`access_db\', '
	    . "`hash -T<TMPF> $self->{access}')dnl")->start;
	$self->_stub;
	$self->configure;
	return $self;
}

# It runs while the file "running" is there, and notes what it is told.
sub _stub {
	my ($self) = @_;
	my $dir = $self->{dir};
	spew($self->{stub}, <<"EOT");
#!/bin/sh
case \$1 in
status)	test -f $dir/running ;;
stop)	test ! -f $dir/no-stop && rm -f $dir/running && echo stop >>$dir/log ;;
start)	test ! -f $dir/no-start && touch $dir/running && echo start >>$dir/log ;;
esac
EOT
	chmod 0755, $self->{stub};
	spew("$dir/running", '');
}

# configure(KEY => WORDS): the settings of flood-response; these ones differ.
sub configure {
	my ($self, %words) = @_;
	my ($dir, $tools) = ($self->{dir}, builddir() . '/tools');
	my %all = (scanner_status => "$self->{stub} status",
	    scanner_stop => "$self->{stub} stop",
	    scanner_start => "$self->{stub} start", scanner_wait => 1,
	    qstat => "$tools/qstat", qblock => "$tools/qblock",
	    qflush => "$tools/qflush --journal $dir/journal", pause => '1s',
	    sendmail => '/usr/sbin/sendmail', queue => "mqueue=$self->{queue}",
	    sendmail_cf => "$dir/sendmail/sendmail.cf",
	    smtp_ports => $self->{sendmail}{port},
	    records => $self->{records}, %words);
	spew($self->{conf}, "# settings of the test\n\n",
	    map { "$_ $all{$_}\n" } sort keys %all);
}

sub command {
	my ($self, @args) = @_;
	return ($self->{shell} // 'sh',
	    builddir() . '/contrib/flood-response/flood-response',
	    '--config', $self->{conf}, @args);
}

# As run() does it.
sub respond {
	my ($self, @args) = @_;
	return run($self->command(@args));
}

# In a process group of its own, and in the background; returns its process.
sub begin {
	my ($self, @args) = @_;
	my $pid = fork // die "fork: $!\n";
	if (!$pid) {
		POSIX::setsid();
		open STDIN, '<', '/dev/null' or POSIX::_exit(126);
		open STDOUT, '>', "$self->{dir}/out" or POSIX::_exit(126);
		open STDERR, '>&', \*STDOUT or POSIX::_exit(126);
		exec $self->command(@args) or POSIX::_exit(127);
	}
	return $pid;
}

# "stop start", since the last call.
sub log {
	my ($self) = @_;
	my $file = "$self->{dir}/log";
	my $text = -e $file ? slurp($file) : '';
	unlink $file;
	return join ' ', split /\n/, $text;
}

sub runs {
	my ($self) = @_;
	return -e "$self->{dir}/running";
}

# How many messages there are: {qf => 10, hf => 60, df => 70}.
sub count {
	my ($self) = @_;
	my %n;
	opendir my $dh, $self->{queue} or die "$self->{queue}: $!\n";
	/^([a-zA-Z]f)/ and $n{$1}++ for readdir $dh;
	return \%n;
}

# The newest record.
sub record {
	my ($self) = @_;
	return (sort glob "$self->{records}/2*")[-1];
}

1;
