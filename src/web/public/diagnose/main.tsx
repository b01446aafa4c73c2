// Entry of the page for the help desk.
import '../../kit/style.css';
import { render } from 'preact';
import { DiagnosePage } from './diagnose-page.tsx';

const root = document.getElementById('app');
if (root !== null) render(<DiagnosePage />, root);
